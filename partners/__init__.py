"""WHO: people (users, memberships, roles), directory (partners, relay persons), governance (bodies, seats, circuit).

May import `cooperation` and `territories`.
"""
