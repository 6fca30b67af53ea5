"""Minutes: what a session leaves on paper, the list of its decisions and its procès-verbal."""
