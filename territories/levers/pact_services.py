"""Acts on the pact: write it, open a year, write its amounts, its fonds de concours, its solidarity grant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from territories.levers import pact_rules
from territories.levers.access import Person, require_manage
from territories.levers.models import (
    EquipmentFund,
    FinancialPact,
    GrantCriterion,
    GrantValue,
    PactAmount,
    PactYear,
    SolidarityGrant,
)
from territories.levers.pact_tables import shared, with_criteria
from territories.levers.versions import STALE, WrittenPart, save_version
from territories.places.models import Commune, Intercommunality

Kind = PactAmount.Kind
ZERO = Decimal("0.00")


@dataclass(frozen=True)
class AmountLine:
    """What is written of one commune for a year, in euros; nothing written means no line, not a zero."""

    commune: Commune
    compensation: Decimal | None = None
    charges_transferred: Decimal = ZERO
    charges_returned: Decimal = ZERO
    equalisation: Decimal | None = None
    common_rule: Decimal | None = None
    grant: Decimal | None = None
    other: Decimal | None = None


@transaction.atomic
def save_pact(*, pact: FinancialPact, by: Person) -> FinancialPact:
    """Write the pact; when the version in the database is adopted, what is written becomes the next version."""
    require_manage(by, pact.intercommunality)
    return save_version(pact, is_closed=lambda stored: stored.status == FinancialPact.Status.ADOPTED)


@transaction.atomic
def open_year(*, epci: Intercommunality, year: int, by: Person) -> PactYear:
    """Open a year; the attributions de compensation of the year before are taken over, as they are not indexed."""
    require_manage(by, epci)
    opened = PactYear(intercommunality=epci, year=year)
    opened.full_clean()
    opened.save()
    before = PactAmount.objects.filter(
        pact_year__intercommunality=epci, pact_year__year=year - 1, kind=Kind.COMPENSATION
    )
    for one in before:
        save_amount(opened, one.commune, Kind.COMPENSATION, amount=one.amount)
    return opened


@transaction.atomic
def write_amounts(*, pact_year: PactYear, lines: Sequence[AmountLine], mode: str, note: str, by: Person) -> None:
    """Write the attributions de compensation, the FPIC and the other flows of a year, commune by commune.

    An attribution left empty is computed from last year's and the charges (CGI, art. 1609 nonies C). The amounts of
    the dotation de solidarité are written here only while its criteria are not.
    """
    require_manage(by, pact_year.intercommunality)
    pact_year = PactYear.objects.select_for_update(of=("self",)).get(pk=pact_year.pk)
    pact_year.equalisation_mode, pact_year.note = mode, note
    pact_year.full_clean()
    pact_year.save()
    previous = dict(
        PactAmount.objects.filter(
            pact_year__intercommunality_id=pact_year.intercommunality_id,
            pact_year__year=pact_year.year - 1,
            kind=Kind.COMPENSATION,
        ).values_list("commune_id", "amount")
    )
    stored = {(one.commune_id, one.kind): one for one in pact_year.amounts.all()}
    has_criteria = pact_year.grants.exists()
    for line in lines:
        compensation = line.compensation
        if compensation is None and (line.charges_transferred or line.charges_returned):
            if line.commune.pk not in previous:
                raise ValidationError(
                    f"{line.commune} : l’attribution de {pact_year.year - 1} n’est pas connue, écrivez celle de "
                    f"{pact_year.year}."
                )
            compensation = pact_rules.compensation(
                previous[line.commune.pk], line.charges_transferred, line.charges_returned
            )
        charges = {"charges_transferred": line.charges_transferred, "charges_returned": line.charges_returned}
        wanted: dict[str, dict[str, Any]] = {
            Kind.COMPENSATION: {"amount": compensation, **charges},
            Kind.EQUALISATION: {"amount": line.equalisation, "common_rule": line.common_rule},
            Kind.OTHER: {"amount": line.other},
        }
        if not has_criteria:
            wanted[Kind.GRANT] = {"amount": line.grant}
        for kind, figures in wanted.items():
            save_amount(pact_year, line.commune, kind, found=stored.get((line.commune.pk, kind)), **figures)


def save_amount(
    pact_year: PactYear,
    commune: Commune,
    kind: str,
    *,
    amount: Decimal | None,
    found: PactAmount | None = None,
    **more: object,
) -> None:
    """Write, change or take away one line; one that says the same is left alone, so that the history stays readable."""
    if amount is None:
        if found:
            found.delete()
        return
    wanted = {"amount": amount, **more}
    if found and all(getattr(found, name) == value for name, value in wanted.items()):
        return
    line = found or PactAmount(
        intercommunality_id=pact_year.intercommunality_id, pact_year=pact_year, commune=commune, kind=kind
    )
    for name, value in wanted.items():
        setattr(line, name, value)
    line.full_clean()
    line.save()


@transaction.atomic
def save_fund(*, fund: EquipmentFund, by: Person) -> EquipmentFund:
    """Write a fonds de concours; beyond the ceiling of the law it may be asked, but neither voted nor paid."""
    require_manage(by, fund.intercommunality)
    if fund.commune.intercommunality_id != fund.intercommunality_id:
        raise ValidationError("Cette commune n’est pas membre de votre intercommunalité.")
    answer = pact_rules.fund_check(
        fund.equipment,
        fund.intercommunality.kind,
        amount=fund.amount,
        cost=fund.cost,
        subsidies=fund.subsidies,
    )
    if fund.counts and not answer.holds:
        raise ValidationError(f"{answer.sentence} ({answer.article})" if answer.article else answer.sentence)
    fund.full_clean()
    fund.save()
    return fund


@transaction.atomic
def remove_fund(*, fund: EquipmentFund, by: Person) -> None:
    """Take a request away; what was voted stays."""
    require_manage(by, fund.intercommunality)
    if fund.counts:
        raise ValidationError("Ce fonds de concours est délibéré : il reste inscrit.")
    fund.delete()


@transaction.atomic
def write_grant(
    *,
    pact_year: PactYear,
    total: Decimal,
    parts: Sequence[WrittenPart],
    by: Person,
    expected_version: int,
    note: str = "",
) -> SolidarityGrant:
    """Write the dotation de solidarité of a year as a new version, in draft.

    Raises `ValidationError` when a value lacks, or when income and potential justify less than 35 % of the total
    (CGCT, art. L. 5211-28-4).
    """
    require_manage(by, pact_year.intercommunality)
    pact_year = PactYear.objects.select_for_update(of=("self",)).get(pk=pact_year.pk)
    last = max(pact_year.grants.values_list("version", flat=True), default=0)
    if last != expected_version:
        raise ValidationError(STALE)
    grant = SolidarityGrant(
        intercommunality_id=pact_year.intercommunality_id,
        pact_year=pact_year,
        version=last + 1,
        total=total,
        note=note,
        written_by_name=str(by),
    )
    grant.full_clean()
    grant.save()
    communes = list(Commune.objects.filter(intercommunality_id=pact_year.intercommunality_id))
    for position, part in enumerate(parts, 1):
        write_grant_part(grant, position, part, communes)
    refuse_a_grant_against_the_law(grant)
    return grant


def write_grant_part(grant: SolidarityGrant, position: int, part: WrittenPart, communes: Sequence[Commune]) -> None:
    missing = [commune.name for commune in communes if part.values.get(commune.pk) is None]
    if missing and part.weight:
        raise ValidationError(f"« {part.label} » : il manque la valeur de {', '.join(missing)}.")
    criterion = GrantCriterion(
        intercommunality_id=grant.intercommunality_id,
        grant=grant,
        kind=part.kind,
        label=part.label,
        unit=part.unit,
        weight=part.weight,
        position=position,
    )
    criterion.full_clean()
    criterion.save()
    for commune in communes:
        if part.values.get(commune.pk) is not None:
            value = GrantValue(
                intercommunality_id=grant.intercommunality_id,
                criterion=criterion,
                commune=commune,
                value=part.values[commune.pk],
            )
            value.clean_fields(exclude=["intercommunality", "criterion", "commune"])
            value.save()


def refuse_a_grant_against_the_law(grant: SolidarityGrant) -> None:
    one = shared(with_criteria(SolidarityGrant.objects.filter(pk=grant.pk)).get())
    if one.problem or one.result is None:
        raise ValidationError(one.problem)
    answer = pact_rules.legal_criteria_check(one.result.legal, one.result.total)
    if not answer.holds:
        raise ValidationError(f"{answer.sentence} ({answer.article})")


@transaction.atomic
def reweigh_grant(
    *,
    grant: SolidarityGrant,
    total: Decimal,
    weights: Mapping[int, int],
    by: Person,
    expected_version: int,
    note: str = "",
) -> SolidarityGrant:
    """Save a simulation: the same values with another total or other weights, as a new version in draft."""
    parts = [
        WrittenPart(
            kind=part.kind,
            label=part.label,
            weight=weights[part.pk],
            unit=part.unit,
            values={one.commune_id: one.value for one in part.values.all()},
        )
        for part in grant.criteria.prefetch_related("values")
    ]
    return write_grant(
        pact_year=grant.pact_year, total=total, parts=parts, by=by, expected_version=expected_version, note=note
    )


@transaction.atomic
def adopt_grant(
    *, grant: SolidarityGrant, votes_for: int, votes_against: int, abstentions: int, decided_on: date, by: Person
) -> SolidarityGrant:
    """Record the vote that adopts a version: two thirds of the votes cast (CGCT, art. L. 5211-28-4)."""
    require_manage(by, grant.intercommunality)
    grant = SolidarityGrant.objects.select_for_update(of=("self",)).get(pk=grant.pk)
    if grant.stage == SolidarityGrant.Stage.ADOPTED:
        raise ValidationError("Cette version est déjà adoptée : elle ne change plus.")
    vote = pact_rules.vote_check(votes_for, votes_against)
    if not vote.holds:
        raise ValidationError(f"{vote.sentence} {vote.article}.")
    grant.stage = SolidarityGrant.Stage.ADOPTED
    grant.votes_for, grant.votes_against, grant.abstentions = votes_for, votes_against, abstentions
    grant.decided_on = decided_on
    grant.full_clean()
    grant.save()
    return grant
