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
        scope, links = scope_of(user), self.model.objects

        def within(permission: str) -> Q:
            return Q(**{f"{of}intercommunality_id__in": scope.where(permission)})

        def among(projects: models.QuerySet) -> Q:
            return Q(**{f"{of}pk__in": projects.values("pk")})

        submitted = Q(**{f"{of}submitted_at__isnull": False})
        admissible = submitted & ~Q(**{f"{of}status__in": BEFORE_ADMISSIBILITY})
        own, coordinated = Q(**{f"{of}author": user}), within("review_projects") & submitted
        local = among(links.filter(communes__in=scope.communes))
        partner = among(links.filter(actors__partner__in=scope.partners))
        on_agenda = within("view_sessions") & among(links.filter(agenda_items__isnull=False))
        questions = links.filter(opinion_requests__withdrawn_on__isnull=True)
        asked = among(questions.filter(opinion_requests__commune__in=scope.communes))
        asked |= among(questions.filter(opinion_requests__partner__in=scope.partners))
        return own | coordinated | (admissible & (within("view_projects") | local | partner | asked | on_agenda))

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
