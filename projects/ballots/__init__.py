"""Ballots: the live session — who is in the room, powers, withdrawals, ballots and votes, until the proclamation."""
