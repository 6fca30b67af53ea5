"""BRIEFING: what is printed of a session: its convocations, its note de synthèse, its pack, its decisions, its minutes.

Owns no row: it reads the session, what its members said of it and the sheets of `report`, and makes documents of them;
`prints` lays them out.
"""
