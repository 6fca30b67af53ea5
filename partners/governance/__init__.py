"""Governance: elected members, bodies with their seats, and the circuit a project follows."""
