"""The multi-year programme of investments (PPI): projects by years in euros HT, their aids, what remains."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Exists, OuterRef, Sum

from cooperation.french import counted, euros
from projects.funding.models import FundingPlan, PaymentCredit
from projects.funding.programme_reading import Net, Place, nets_of, programme_row, years_of_programme
from projects.funding.share_reading import CURRENT
from projects.funding.year_reading import name_of
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import BEFORE_ADMISSIBILITY, GIVEN_UP
from projects.totals.counting import said_in_year
from projects.totals.models import Group, Kind
from projects.totals.reads import Sums, sums_seen
from territories.levers.sharing import euros_of
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

SHOWN = 20  # projects without years that are named, the latest changed
SIZE = 50  # projects of a page; the totals are those of all
KINDS = (Kind.YEAR, Kind.YEAR_INCL, Kind.GRANT, Kind.YEARLESS)


def programme_of(epci: Intercommunality, user: User, after: str = "") -> dict[str, Any]:
    """A page of rows, those that follow a reference, the years and the totals of all that the person sees."""
    sums = sums_seen(user, epci, KINDS, Group)
    years, nets = read_nets(sums)
    until = {year for year, within in sums.places(Kind.YEAR) if said_in_year(within)[1]}
    cents = Counter[int]()
    for year, within in sums.places(Kind.YEAR):
        cents[year] += sums.of(Kind.YEAR, year, within).cents
    totals = [euros_of(cents[year]) for year in years]
    visible = Project.objects.visible_in(epci, user).alive()
    credits_ = PaymentCredit.objects.filter(plan__project=OuterRef("pk"), plan__is_current=True)
    programmed = visible.filter(Exists(credits_), reference__gt=after)
    # Chosen by their numbers: the long texts of all those that may be shown are not sorted along.
    chosen = list(programmed.order_by("reference").values_list("pk", flat=True)[: SIZE + 1])
    shown = Project.objects.filter(pk__in=chosen).order_by("reference").only("reference", "title", "status")
    found = list(shown.prefetch_related(CURRENT, "funding_plans__payment_credits"))
    return {
        "epci": epci,
        "years": [name_of(year, until) for year in years],
        "rows": [(project, *programme_row(project, years)) for project in found[:SIZE]],
        "totals": totals,
        "total": sum(totals, Decimal(0)),
        "nets": nets,
        "next": found[SIZE - 1].reference if len(found) > SIZE else "",
        "is_first": not after,
        "unprogrammed": unprogrammed_in(visible, sums),
        "uncounted": uncounted_in(visible),
    }


@dataclass(frozen=True)
class Apart:
    """Projects that make the programme another sum than what the projects cost: how many, how much, some of them."""

    count: int
    euros: Decimal
    told: str
    some: Sequence[FundingPlan] = ()

    @property
    def more(self) -> int:
        return self.count - len(self.some)


def unprogrammed_in(visible: ProjectQuerySet, sums: Sums) -> Apart:
    """What has a cost and no year yet: the programme leaves it out, the projet de territoire counts it."""
    kept = sums.of(Kind.YEARLESS)
    who, amount = counted(kept.projects, "projet n’a", "projets n’ont"), euros_of(kept.cents)
    words = f"{who} pas encore d’année, pour {euros(amount, 0)} HT : leur coût n’est pas dans ces totaux."
    some = latest_unprogrammed(visible) if kept.projects else []
    return Apart(kept.projects, amount, told=words, some=some)


def latest_unprogrammed(visible: ProjectQuerySet) -> list[FundingPlan]:
    """The plans of those that changed last: an index has them in this order, and a few are read."""
    years = PaymentCredit.objects.filter(plan=OuterRef("pk"))
    current = FundingPlan.objects.filter(is_current=True)
    costed = current.filter(project=OuterRef("pk"), cost_excl_tax__gt=0).exclude(Exists(years))
    chosen = visible.admissible().exclude(status__in=GIVEN_UP).filter(Exists(costed)).newest(SHOWN)
    return list(current.filter(project__in=chosen).select_related("project").order_by("project__reference"))


def uncounted_in(visible: ProjectQuerySet) -> Apart:
    """What is programmed of projects given up or not yet admissible: what was spent stays in its years."""
    outside = visible.filter(status__in=(*GIVEN_UP, *BEFORE_ADMISSIBILITY))
    credits_ = PaymentCredit.objects.filter(plan__is_current=True, plan__project__in=outside)
    told = credits_.aggregate(count=Count("plan", distinct=True), euros=Sum("amount", default=Decimal(0)))
    who = counted(
        told["count"],
        "projet rejeté, arrêté ou non recevable à ce jour",
        "projets rejetés, arrêtés ou non recevables à ce jour",
    )
    words = f"Ces totaux comptent {euros(told['euros'], 0)} HT de {who}"
    return Apart(**told, told=f"{words} : le projet de territoire ne les compte pas.")


def read_nets(sums: Sums) -> tuple[list[int], list[Net]]:
    """The years of the programme, and what is spent and brought in each, for each basis."""
    spent: dict[Place, Decimal] = defaultdict(Decimal)
    lacking = 0
    for year, within in sums.places(Kind.YEAR):
        is_incl, _ = said_in_year(within)
        kind = Kind.YEAR_INCL if is_incl else Kind.YEAR
        spent[is_incl, year] += euros_of(sums.of(kind, year, within).cents)
        lacking += sums.of(Kind.YEAR, year, within).projects - sums.of(kind, year, within).projects
    grants = {
        (said_in_year(within)[0], year): euros_of(sums.of(Kind.GRANT, year, within).cents)
        for year, within in sums.places(Kind.GRANT)
    }
    years = years_of_programme(spent, grants)
    return years, nets_of(years, spent, grants, lacking=lacking)
