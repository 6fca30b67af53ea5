"""Who looks after the letters of a person, when these no longer reach them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q
from django.http import Http404

from partners.people.access import scope_of
from projects.notices.models import Letter

if TYPE_CHECKING:
    from partners.people.models import User


def looked_after_by(user: User) -> Q:
    """The letters of which one is told that they do not leave: one's own, and those of the EPCI that one runs."""
    scope = scope_of(user)
    run = scope.where("manage_people") | scope.where("review_projects")
    return Q(person=user) | Q(intercommunality__in=run, person__is_active=True)


def get_addressee(user: User, pk: int) -> int:
    """The only way a view obtains the number of somebody whose letters the person looks after: 404 otherwise."""
    if not Letter.objects.filter(looked_after_by(user), person=pk).exists():
        raise Http404("Aucun courriel de cette personne n’est de votre ressort.")
    return pk
