"""Proposals: the project, its life, its actors, the objective they share and the interests they state."""
