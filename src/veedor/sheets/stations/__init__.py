"""Stations and places under whatever name a file gives them: identifiers, spellings, rows that others replace."""
