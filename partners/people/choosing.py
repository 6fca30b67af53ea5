"""Choose one person among any number: a name, words of it or an e-mail address are typed."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from cooperation.choosing import TypedChoice
from partners.people.models import User


class PersonChoice(TypedChoice[User]):
    how = "Son nom, ou l’adresse par laquelle elle se connecte."
    nothing = "Personne ne répond à « {words} » : écrivez son nom, ou l’adresse par laquelle elle se connecte."
    several = "Plusieurs personnes répondent à « {words} » : écrivez l’adresse de la vôtre. {named}."

    def called(self, words: str) -> User | None:
        """By an address, or by a name that nobody else bears."""
        bearers = self.offered().filter(Q(email__iexact=words) | Q(full_name=words))[:2]
        return bearers[0] if len(bearers) == 1 else None

    def answering(self, words: str) -> QuerySet[User]:
        found = self.offered()
        for word in words.split():
            found = found.filter(full_name__icontains=word)
        return found
