"""Register: the list of the decisions with their seal, what the préfecture gave back, and the open data (SCDL)."""
