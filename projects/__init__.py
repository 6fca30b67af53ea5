"""WHAT: strategy, proposals, funding, deliberation, portfolio, report.

May import every other house; nobody imports it.
"""
