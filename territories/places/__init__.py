"""Places: the EPCI, its communes, their populations and their outlines."""
