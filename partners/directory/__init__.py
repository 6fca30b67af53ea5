"""Directory: the partners of the territory and the relay persons who speak for them."""
