"""Competences: what the EPCI may do, by law or because its communes gave it, and what stays with them."""
