"""Funding: the plan of a project, its lines, and the rules of law that bind them."""
