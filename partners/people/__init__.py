"""People: users, memberships, the role table and sign-in."""
