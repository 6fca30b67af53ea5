"""BRIEFING: what is printed of a session: its note de synthèse, its pack, the list of its decisions, its procès-verbal.

Owns no row: it reads the session, what its members said of it and the sheets of `report`, and makes documents of them;
`prints` lays them out.
"""
