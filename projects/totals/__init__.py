"""What all the projects of a territory add up to: counts, money, indicators, by objective, orientation, commune, year.

Owns what each project adds (`Addend`) and the sums of a territory (`Total`), kept by one verb, `settle`. Imports
effects, funding, strategy and proposals; imported by portfolio. Nothing is typed here: all of it can be made again.
"""
