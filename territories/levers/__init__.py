"""Levers: what communes and EPCI share, by the mutualisation scheme and by the financial and fiscal pact."""
