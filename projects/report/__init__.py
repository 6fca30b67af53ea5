"""The printed projet de territoire: what it contains, how it is asked for, followed and handed over.

May import every room below it; `briefing` alone imports it, for the sheets of a session. The dated PDF of a submission
is asked for by the name of its task (`SUBMISSION_PRINTER` in the settings).
"""
