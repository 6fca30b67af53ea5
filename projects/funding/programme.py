"""The multi-year programme of investments (PPI): projects by years, in euros HT, totals as the sum of what is shown."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from projects.funding.models import PaymentCredit
from projects.proposals.models import Project
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


def programme_of(epci: Intercommunality, user: User) -> dict[str, Any]:
    """The rows, the years and the totals, of the projects visible to the person; two queries."""
    visible = Project.objects.visible_to(user).of(epci).alive()
    found = PaymentCredit.objects.filter(project__in=visible).select_related("project").order_by("project__reference")
    amounts: dict[Project, dict[int, Decimal]] = defaultdict(dict)
    before: set[int] = set()
    for credit in found:
        amounts[credit.project][credit.year] = credit.amount
        if credit.is_until:
            before.add(credit.year)
    years = sorted({year for row in amounts.values() for year in row})
    rows = [
        {"project": project, "cells": [row.get(year, Decimal(0)) for year in years], "total": sum(row.values())}
        for project, row in amounts.items()
    ]
    return {
        "epci": epci,
        "years": [f"Jusqu’en {year}" if year in before else str(year) for year in years],
        "rows": rows,
        "totals": [sum((row["cells"][index] for row in rows), Decimal(0)) for index in range(len(years))],
        "total": sum((row["total"] for row in rows), Decimal(0)),
    }
