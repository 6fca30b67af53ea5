"""DIAGNOSIS: what a group says of its own cooperation, never of a person. Imports `proposals` and below."""
