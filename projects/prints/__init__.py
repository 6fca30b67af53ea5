"""PRINTS: what a person asks to have on paper, whatever it is: at once when it takes a few seconds, else prepared.

Owns the one rule that tells which (`services.print_now`), and the pages that follow a print, cancel it and hand it
over. What each paper holds, and who may read it, is said by the room that makes it: see `papers.py`.
"""
