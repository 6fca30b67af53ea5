"""Strategy: the mandate and its orientations, the projet de territoire and its tree of axes, objectives, programmes."""
