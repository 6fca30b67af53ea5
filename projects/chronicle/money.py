"""The money of a project as it was on a day, in words: what it costs, who pays and when, what a year of it costs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from cooperation.french import euros
from projects.chronicle.past import latest
from projects.funding.models import FundingLine, FundingPlan, PaymentCredit
from projects.funding.operating_models import OperatingLine, OperatingYear
from projects.funding.year_models import FundingYear
from projects.proposals.models import Project

MONEY = (PaymentCredit, FundingLine, OperatingLine)  # each hangs on a version of the plan


def money_as_it_was(project: Project, moment: datetime) -> Iterator[tuple[str, str]]:
    """Each thing with its name; two resources of one funder are told together."""
    plan = latest(FundingPlan, moment, project_id=project.pk, is_current=True).last()
    if plan is None:
        return
    excl, incl = plan.cost_excl_tax, plan.cost_incl_tax
    if excl or incl:
        yield "Coût", with_tax(excl, incl) + (", budget assujetti à la TVA" if plan.recovers_vat else "")
    if plan.vat_refund is not None:
        yield "FCTVA attendu", euros(plan.vat_refund)
    yield from resources_as_they_were(plan, moment)
    for credit in latest(PaymentCredit, moment, plan_id=plan.id):
        yield (
            f"Dépense prévue {'jusqu’' * credit.is_until}en {credit.year}",
            with_tax(credit.amount, credit.amount_incl_tax),
        )
    yield from running_as_it_was(plan, moment)


def with_tax(excl: Decimal, incl: Decimal | None) -> str:
    return f"{euros(excl)} hors taxes" + ("" if incl is None else f", {euros(incl)} toutes taxes comprises")


def running_as_it_was(plan: Any, moment: datetime) -> Iterator[tuple[str, str]]:
    """Each line of the running, an ordinary year then those told apart; two of one name are told together."""
    lines = list(latest(OperatingLine, moment, plan_id=plan.id))
    years = years_as_they_were(OperatingYear, moment, lines)
    told: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        amount = f"{euros(line.amount)} {plan.get_basis_display()} par an"
        words = ", ".join(word for word in (amount, line.state, *years[line.id]) if word)
        told[("" if line.side == OperatingLine.Side.RESOURCE else ", dépense"), line.label].append(words)
    for (side, label), amounts in told.items():
        yield f"Fonctionnement{side} : {label}", " ; ".join(amounts)


def years_as_they_were(model: Any, moment: datetime, lines: list[Any]) -> dict[int, list[str]]:
    """What each line was worth year by year, in words."""
    told: dict[int, list[str]] = defaultdict(list)
    for one in sorted(latest(model, moment, line_id__in=[line.id for line in lines]), key=lambda one: one.year):
        told[one.line_id].append(f"{euros(one.amount)} en {one.year}")
    return told


def resources_as_they_were(plan: Any, moment: datetime) -> Iterator[tuple[str, str]]:
    lines = list(latest(FundingLine, moment, plan_id=plan.id))
    years = years_as_they_were(FundingYear, moment, lines)
    told: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        amount = f"{euros(line.amount)} {plan.get_basis_display()}"  # what is HT and what is TTC are two things
        words = [amount, line.get_nature_display(), line.state, *years[line.id]]
        told[line.funder].append(", ".join(word for word in words if word))
    for funder, words in told.items():
        yield f"Ressource : {funder}", " ; ".join(words)
