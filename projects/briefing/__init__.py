"""BRIEFING: the note de synthèse of a session, and its pack: the note with the sheets of its projects.

Owns no row: it reads the session, what its members said of it and the sheets of `report`, and prints them in parts.
"""
