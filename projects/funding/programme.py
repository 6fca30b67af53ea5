"""The multi-year programme of investments (PPI): projects by years, in euros HT, and the totals of all of them."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, IntegerField, Max, OuterRef, Q
from django.db.models.functions import Cast

from projects.funding.models import PaymentCredit
from projects.funding.share_reading import cents_in
from projects.proposals.models import Project
from projects.proposals.states import Status
from territories.levers.sharing import euros_of
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

SIZE = 100  # projects of a page; the totals are those of all


def programme_of(epci: Intercommunality, user: User, after: str = "") -> dict[str, Any]:
    """A page of rows, those that follow a reference, the years and the totals of all that the person sees."""
    visible = Project.objects.visible_to(user).of(epci).alive()
    seen = Project.objects.visibility(user, of="project__") & ~Q(project__status=Status.ABSORBED)
    credits_seen = PaymentCredit.objects.filter(seen, intercommunality=epci)
    years = list(
        credits_seen.order_by("year")
        .values("year")
        .annotate(cents=cents_in("amount"), until=Max(Cast("is_until", IntegerField())))
    )
    totals = [euros_of(one["cents"]) for one in years]
    programmed = visible.filter(Exists(PaymentCredit.objects.filter(project=OuterRef("pk"))))
    found = list(programmed.filter(reference__gt=after).order_by("reference")[: SIZE + 1])
    amounts: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for credit in PaymentCredit.objects.filter(project__in=found[:SIZE]):
        amounts[credit.project_id][credit.year] = credit.amount
    return {
        "epci": epci,
        "years": [f"Jusqu’en {one['year']}" if one["until"] else str(one["year"]) for one in years],
        "rows": [
            {
                "project": project,
                "cells": [amounts[project.pk].get(one["year"], Decimal(0)) for one in years],
                "total": sum(amounts[project.pk].values()),
            }
            for project in found[:SIZE]
        ],
        "totals": totals,
        "total": sum(totals, Decimal(0)),
        "next": found[SIZE - 1].reference if len(found) > SIZE else "",
        "is_first": not after,
    }
