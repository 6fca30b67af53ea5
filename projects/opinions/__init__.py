"""Opinions asked on a project: of whom, by when, what silence means, and what was answered on which version."""
