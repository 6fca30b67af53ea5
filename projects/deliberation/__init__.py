"""Deliberation: sessions of the bodies, their agenda, the totals of a vote, the proclaimed decision."""
