"""Delegated: what is decided or asked between two sessions, and the report of it to the conseil.

An act of the president under delegation and a written consultation are sessions like the others, with one item: the
same decision, the same seal, the same publication. This room only opens them, and lists what was decided by delegation
for the next conseil (CGCT, art. L. 5211-10). It may import `ballots` and the rooms below.
"""
