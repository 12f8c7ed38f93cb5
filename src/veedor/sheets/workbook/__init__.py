"""Spreadsheets (XLSX, XLS, ODS), scanned before any library opens them."""
