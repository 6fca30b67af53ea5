"""The money of a project as it was on a day, in words: what it costs, who pays and when, what a year of it costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from cooperation.french import euros
from projects.chronicle.past import latest
from projects.funding.models import FundingLine, FundingPlan, OperatingLine, PaymentCredit
from projects.funding.year_models import FundingYear
from projects.proposals.models import Project

MONEY = (FundingPlan, PaymentCredit, OperatingLine)  # each hangs on its project


def money_as_it_was(project: Project, moment: datetime) -> Iterator[tuple[str, str]]:
    """Each thing with its name; two resources of one funder are told together."""
    plan = latest(FundingPlan, moment, project_id=project.pk, is_current=True).last()
    if plan is not None:
        excl, incl = plan.cost_excl_tax, plan.cost_incl_tax
        yield "Coût", f"{euros(excl)} hors taxes" + (f", {euros(incl)} toutes taxes comprises" if incl else "")
        yield from resources_as_they_were(plan, moment)
    for credit in latest(PaymentCredit, moment, project_id=project.pk):
        yield f"Dépense prévue {'jusqu’' * credit.is_until}en {credit.year}", euros(credit.amount)
    running: dict[str, Decimal] = defaultdict(Decimal)
    for line in latest(OperatingLine, moment, project_id=project.pk):
        running[line.funder] += line.amount
    for funder, amount in running.items():
        yield f"Fonctionnement : {funder}", f"{euros(amount)} par an"


def resources_as_they_were(plan: Any, moment: datetime) -> Iterator[tuple[str, str]]:
    lines = list(latest(FundingLine, moment, plan_id=plan.id))
    years: dict[int, list[str]] = defaultdict(list)
    for one in sorted(latest(FundingYear, moment, line_id__in=[line.id for line in lines]), key=lambda one: one.year):
        years[one.line_id].append(f"{euros(one.amount)} en {one.year}")
    told: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        words = [euros(line.amount), line.get_nature_display(), line.state, *years[line.id]]
        told[line.funder].append(", ".join(word for word in words if word))
    for funder, words in told.items():
        yield f"Ressource : {funder}", " ; ".join(words)
