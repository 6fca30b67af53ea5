"""What projects change: indicators and their measurements, and what beneficiaries say when they are asked.

May import `proposals` and `strategy`, and the houses below. The public collection of answers will add to the counts
of a `Survey` and to its `Verbatim`s: neither of them ever holds a person.
"""
