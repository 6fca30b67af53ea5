"""Importers: official files, read whole and checked before anything changes."""
