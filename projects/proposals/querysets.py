"""Which projects: reads that chain like sentences."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from partners.people.access import scope_of
from projects.proposals.search import fold, spellings
from projects.proposals.states import AWAITING_REVIEW, BEFORE_ADMISSIBILITY, CARRIED, Status

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality


class ProjectQuerySet(models.QuerySet):
    """Reads of projects; `visible_to` is the only door from a person to rows."""

    def visible_to(self, user: User) -> ProjectQuerySet:
        """Projects the person may see."""
        return self.filter(self.visibility(user))

    def visibility(self, user: User, of: str = "") -> Q:
        """What makes a project visible to a person; `of` leads to it from another table (« project__ »).

        One's own always; a coordinator, all that was submitted; others, what is admissible, in the EPCI where they
        may see everything, in the communes for which they work, in the projects of their partner, and where their
        commune or their partner is asked for its opinion. Municipal councillors also see what is or was on an agenda
        (CGCT, art. L. 5211-40-2).
        """
        if not user.is_authenticated:
            return Q(**{f"{of}pk__in": []})
        if user.is_superuser:
            return Q()
        scope = scope_of(user)

        def within(permission: str) -> Q:
            return Q(**{f"{of}intercommunality_id__in": scope.where(permission)})

        def among(name: str, **said: object) -> Q:
            return Q(**{f"{of}pk__in": self.linked(name).filter(**said).values("project")})

        submitted = Q(**{f"{of}submitted_at__isnull": False})
        admissible = submitted & ~Q(**{f"{of}status__in": BEFORE_ADMISSIBILITY})
        own, coordinated = Q(**{f"{of}author": user}), within("review_projects") & submitted
        local = among("communes", commune__in=scope.communes)
        partner = among("actors", partner__in=scope.partners)
        on_agenda = within("view_sessions") & among("agenda_items")
        asked = among("opinion_requests", commune__in=scope.communes, withdrawn_on=None)
        asked |= among("opinion_requests", partner__in=scope.partners, withdrawn_on=None)
        if scope.partners and not scope.communes and not scope.rights:
            return self.of_partners(user, of) & (own | admissible)
        return own | coordinated | (admissible & (within("view_projects") | local | partner | asked | on_agenda))

    def of_partners(self, user: User, of: str) -> Q:
        """The few projects that may concern whoever speaks for partners only: their numbers, of which to start."""
        partners = scope_of(user).partners
        own = self.model.objects.filter(author=user).order_by().values("pk")
        taking_part = self.linked("actors").filter(partner__in=partners).values("project")
        asked = self.linked("opinion_requests").filter(partner__in=partners, withdrawn_on=None).values("project")
        return Q(**{f"{of}pk__in": own.union(taking_part, asked)})

    def linked(self, name: str) -> models.QuerySet:
        """The rows by which something holds to projects; they name the project, whose own row is not opened."""
        field = self.model._meta.get_field(name)
        rows = field.remote_field.through if field.many_to_many else field.related_model
        return rows._base_manager.order_by()

    def of(self, intercommunality: Intercommunality) -> ProjectQuerySet:
        return self.filter(intercommunality=intercommunality)

    def submitted(self) -> ProjectQuerySet:
        """Everything that left the hands of its author."""
        return self.filter(submitted_at__isnull=False)

    def admissible(self) -> ProjectQuerySet:
        return self.submitted().exclude(status__in=BEFORE_ADMISSIBILITY)

    def alive(self) -> ProjectQuerySet:
        """Those that stand for themselves: a project regrouped lives on in the one that took it over."""
        return self.exclude(status=Status.ABSORBED)

    def awaiting_review(self) -> ProjectQuerySet:
        """What waits for a coordinator."""
        return self.filter(status__in=AWAITING_REVIEW)

    def carried(self) -> ProjectQuerySet:
        """What was adopted and lives."""
        return self.filter(status__in=CARRIED)

    def matching(self, words: str) -> ProjectQuerySet:
        """Projects whose text holds every word, whatever the case, the accents and the ligatures."""
        found = self
        for word in fold(words).split():
            found = found.filter(reduce(or_, (Q(search_text__contains=one) for one in spellings(word))))
        return found
