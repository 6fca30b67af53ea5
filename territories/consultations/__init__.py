"""Consultations: what is put to the communes, by which procedure, with which majority, and what comes of it."""
