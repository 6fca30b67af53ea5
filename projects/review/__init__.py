"""Review: the queue of the coordination and the instruction sheet of a project."""
