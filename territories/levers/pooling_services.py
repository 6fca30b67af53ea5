"""Acts on pooling: write the scheme, a service, the key of a year. What was approved or called is never overwritten."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from territories.levers.access import Person, require_manage
from territories.levers.cost_tables import as_key, with_keys
from territories.levers.models import CriterionValue, PoolingScheme, ServiceYear, SharedService, SharingCriterion
from territories.levers.populations import populations_of
from territories.levers.sharing import SharingError
from territories.levers.sharing import check as check_key
from territories.levers.versions import STALE, WrittenPart, save_version
from territories.places.models import Commune

Kind = SharingCriterion.Kind


@transaction.atomic
def save_scheme(*, scheme: PoolingScheme, by: Person) -> PoolingScheme:
    """Write the scheme; when the version in the database is approved, what is written becomes the next version."""
    require_manage(by, scheme.intercommunality)
    return save_version(scheme, is_closed=lambda stored: stored.status == PoolingScheme.Status.APPROVED)


@transaction.atomic
def save_service(*, service: SharedService, participants: Iterable[Commune], by: Person) -> SharedService:
    """Write a service and who takes part in it; the holder, when it is a commune, is one of those of the EPCI."""
    require_manage(by, service.intercommunality)
    participants = list(participants)
    involved = [*participants, *([service.holder] if service.holder else [])]
    if any(one.intercommunality_id != service.intercommunality_id for one in involved):
        raise ValidationError("Une commune choisie n’est pas membre de votre intercommunalité.")
    if service._state.adding:
        service.position = SharedService.objects.filter(intercommunality=service.intercommunality).count() + 1
    service.full_clean()
    service.save()
    service.participants.set(participants)
    return service


@transaction.atomic
def write_key(
    *,
    service: SharedService,
    year: int,
    figures: Mapping[str, Any],
    parts: Sequence[WrittenPart],
    by: Person,
    expected_version: int,
    participants: Iterable[Commune] | None = None,
) -> ServiceYear:
    """Write what a service costs in a year and its key, as a new version that becomes the current one.

    `figures` are fields of `ServiceYear`; no part at all means that the key is still to be written. Population and
    equal parts are filled here, so that a later census changes nothing. Raises `ValidationError` naming what lacks.
    """
    require_manage(by, service.intercommunality)
    service = SharedService.objects.select_for_update(of=("self",)).get(pk=service.pk)
    versions = ServiceYear.objects.filter(service=service, year=year)
    last = max(versions.values_list("version", flat=True), default=0)
    if last != expected_version:
        raise ValidationError(STALE)
    communes = list(service.participants.all() if participants is None else participants)
    if parts and not communes:
        raise ValidationError("Choisissez d’abord les communes qui participent à ce service.")
    for one in versions.filter(is_current=True):
        one.is_current = False
        one.save()
    written = ServiceYear(
        intercommunality=service.intercommunality,
        service=service,
        year=year,
        version=last + 1,
        written_by_name=str(by),
        **figures,
    )
    written.full_clean()
    written.save()
    for position, part in enumerate(parts, 1):
        write_part(written, position, part, communes)
    fault = fault_of(written)
    if fault:
        raise ValidationError(fault)
    return written


def write_part(written: ServiceYear, position: int, part: WrittenPart, communes: Sequence[Commune]) -> None:
    values = values_of(part, communes, written.year)
    missing = [commune.name for commune in communes if values.get(commune.pk) is None]
    if missing:
        raise ValidationError(f"« {part.label} » : il manque la valeur de {', '.join(missing)}.")
    criterion = SharingCriterion(
        intercommunality_id=written.intercommunality_id,
        service_year=written,
        kind=part.kind,
        label=part.label,
        unit=part.unit,
        weight=part.weight,
        position=position,
    )
    criterion.full_clean()
    criterion.save()
    for commune in communes:
        value = CriterionValue(
            intercommunality_id=written.intercommunality_id,
            criterion=criterion,
            commune=commune,
            value=values[commune.pk],
        )
        value.clean_fields(exclude=["intercommunality", "criterion", "commune"])
        value.save()


def values_of(part: WrittenPart, communes: Sequence[Commune], year: int) -> Mapping[int, Decimal]:
    """The value of each commune: typed for a use or a fixed part, read for a population, one for an equal part."""
    if part.kind == Kind.EQUAL:
        return {commune.pk: Decimal(1) for commune in communes}
    if part.kind in {Kind.TOTAL_POPULATION, Kind.MUNICIPAL_POPULATION}:
        people = populations_of(communes, year)
        name = "total" if part.kind == Kind.TOTAL_POPULATION else "municipal"
        return {pk: Decimal(getattr(one, name)) for pk, one in people.items()}
    return part.values


def fault_of(written: ServiceYear) -> str:
    """Why the key written cannot share anything, or nothing."""
    criteria = list(with_keys(ServiceYear.objects.filter(pk=written.pk)).get().criteria.all())
    if not criteria:
        return ""
    try:
        check_key(as_key(criteria), [part.label for part in criteria])
    except SharingError as error:
        return str(error)
    return ""
