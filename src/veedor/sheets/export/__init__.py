"""Sheets written for others: CSV and Parquet with their schema."""
