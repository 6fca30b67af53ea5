"""Choose one person among any number: a name, words of it or an e-mail address are typed."""

from __future__ import annotations

from datetime import date

from django import forms
from django.db.models import Q, QuerySet

from cooperation.choosing import TypedChoice
from partners.directory.models import Partner
from partners.people.models import Membership, User
from territories.places.models import Commune


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


def offer_whom(form: forms.Form, intercommunality_id: int, on: date) -> None:
    """Let a form choose among the persons who hold a role on a day in an EPCI, its communes and its partners."""
    held = Membership.objects.filter(intercommunality=intercommunality_id).in_force(on)
    offered = {
        "person": User.objects.filter(is_active=True, memberships__in=held).distinct(),
        "commune": Commune.objects.filter(intercommunality=intercommunality_id),
        "partner": Partner.objects.listed().filter(intercommunality=intercommunality_id),
    }
    for name in offered.keys() & form.fields.keys():
        form.fields[name].queryset = offered[name]  # type: ignore[attr-defined]
