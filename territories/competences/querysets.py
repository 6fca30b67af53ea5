"""Which competences: reads that chain like sentences."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q


class CompetenceQuerySet(models.QuerySet):
    """Reads of the competences of an EPCI."""

    def in_force(self, day: date) -> CompetenceQuerySet:
        """Those that the EPCI exercises on the day given; a date nobody wrote down does not exclude."""
        begun = Q(since__isnull=True) | Q(since__lte=day)
        return self.exclude(category="municipal").filter(begun, Q(ends_on__isnull=True) | Q(ends_on__gte=day))

    def with_standing(self) -> CompetenceQuerySet:
        """Bring along what the legal case of a project asks: definitions of the interest, communes, national codes."""
        return self.prefetch_related("interests", "communes", "national")


class CommunityInterestQuerySet(models.QuerySet):
    """Reads of the definitions of the community interest."""

    def known_on(self, day: date) -> CommunityInterestQuerySet:
        """Definitions adopted on the day or before, the one in force first."""
        return self.filter(Q(decided_on__isnull=True) | Q(decided_on__lte=day))
