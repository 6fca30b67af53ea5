"""What becomes of a project: how it is doing and why, and what was decided to be done, by whom, by when."""
