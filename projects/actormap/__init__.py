"""ACTORMAP: what weight each organisation has in a project, and what ties them. Imports `convergence` and below."""
