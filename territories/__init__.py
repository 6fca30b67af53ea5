"""WHERE, AND UNDER WHICH LAW: places (EPCI, communes, populations, outlines) and competences.

May import the frame (`cooperation`) only; asks `user.has_perm(…, epci)` and knows nothing of roles.
"""
