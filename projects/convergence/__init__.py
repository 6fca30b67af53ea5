"""Convergence: each actor's interests in its own words, how they meet or pull apart, and what to do next."""
