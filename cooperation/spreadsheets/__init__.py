"""Spreadsheets of every office: CSV of any encoding, XLSX and ODS, read as rows of text."""

from cooperation.spreadsheets.errors import SpreadsheetError
from cooperation.spreadsheets.reading import describe, read_cells, read_rows
from cooperation.spreadsheets.workbooks import sheet_names

__all__ = ["SpreadsheetError", "describe", "read_cells", "read_rows", "sheet_names"]
