"""The multi-year programme of investments (PPI): projects by years, in euros HT, and the totals of all of them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from projects.funding.models import PaymentCredit
from projects.funding.year_reading import name_of
from projects.proposals.models import Project
from projects.totals.models import Group, Kind
from projects.totals.reads import sums_seen
from territories.levers.sharing import euros_of
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

SIZE = 100  # projects of a page; the totals are those of all


def programme_of(epci: Intercommunality, user: User, after: str = "") -> dict[str, Any]:
    """A page of rows, those that follow a reference, the years and the totals of all that the person sees."""
    visible = Project.objects.visible_to(user).of(epci).alive()
    sums = sums_seen(user, epci, [Kind.YEAR], Group)
    places = sums.places(Kind.YEAR)
    years = sorted({year for year, _ in places})
    until = {year for year, within in places if within}  # which also stands for those before it, for one project
    totals = [euros_of(sum(sums.of(Kind.YEAR, year, within).cents for within in (0, 1))) for year in years]
    programmed = visible.filter(Exists(PaymentCredit.objects.filter(project=OuterRef("pk"))))
    found = list(programmed.filter(reference__gt=after).order_by("reference")[: SIZE + 1])
    amounts: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for credit in PaymentCredit.objects.filter(project__in=found[:SIZE]):
        amounts[credit.project_id][credit.year] = credit.amount
    return {
        "epci": epci,
        "years": [name_of(year, until) for year in years],
        "rows": [
            {
                "project": project,
                "cells": [amounts[project.pk].get(year, Decimal(0)) for year in years],
                "total": sum(amounts[project.pk].values()),
            }
            for project in found[:SIZE]
        ],
        "totals": totals,
        "total": sum(totals, Decimal(0)),
        "next": found[SIZE - 1].reference if len(found) > SIZE else "",
        "is_first": not after,
    }
