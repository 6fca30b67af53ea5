"""The debate on a project: what people who live it say, and the documents that bear it out."""
