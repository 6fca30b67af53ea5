"""The seal: one chain of records for each EPCI, to which a verb only ever adds.

Knows nothing of what is sealed: a room above says its facts, and says them again when the chain is checked.
"""
