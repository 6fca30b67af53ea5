"""The private marks of a person on projects: seen by that person only, gone with the account. Imports proposals."""
