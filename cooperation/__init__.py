"""THE FRAME: settings, addresses and shared tools (verdict, workflow engine, printing, drawing, spreadsheets, jobs).

Knows no commune, no partner, no project. May import none of the other houses.
"""
