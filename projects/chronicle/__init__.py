"""CHRONICLE: what changed in a project between any two days, in words. Reads what the rooms below have kept."""
