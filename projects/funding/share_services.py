"""What is done with the split of the money: between the objectives of a project, between the communes that bear it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from projects.funding.services import may_write_money
from projects.funding.share_models import ChargeKey, ChargePercent, ObjectiveShare
from projects.funding.share_rules import percents_fault
from projects.proposals.access import may
from projects.proposals.models import Project
from projects.strategy.models import StrategyNode
from territories.places.models import Commune, Population

if TYPE_CHECKING:
    from partners.people.models import User

Method = ChargeKey.Method


@transaction.atomic
def split_between_objectives(
    *, project: Project, percents: Mapping[StrategyNode, Decimal], main: StrategyNode, by: User
) -> None:
    """Say which objectives the project serves, what part of its cost goes to each (%), and which one is the main one.

    The percentages make a hundred; an objective at 0 % is served without money of its own.
    """
    if not may(by, "review_project", project):
        raise PermissionDenied("Votre rôle ne permet pas de répartir ce projet entre les objectifs.")
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    if any(node.intercommunality_id != project.intercommunality_id for node in percents):
        raise ValidationError("Cet objectif n’est pas celui de votre intercommunalité.")
    if fault := percents_fault(list(percents.values())):
        raise ValidationError(fault)
    if main not in percents:
        raise ValidationError("L’objectif principal est l’un de ceux que le projet sert.")
    kept = {row.node_id: row for row in project.objective_shares.all()}
    for node_id, row in kept.items():
        if node_id not in {node.pk for node in percents}:
            row.delete()
        elif row.is_main and node_id != main.pk:  # one main objective at any time
            row.is_main = False
            row.save()
    for node, percent in percents.items():
        row = kept.get(node.pk) or ObjectiveShare(project=project, node=node)
        row.intercommunality_id = project.intercommunality_id
        row.percent, row.is_main = percent, node == main
        row.full_clean()
        row.save()
    project.objectives.set(percents)
    project.save()


@transaction.atomic
def keep_in_step(*, project: Project) -> bool:
    """Forget a split that no longer bears on the objectives of the project; true when it was forgotten.

    An objective that leaves without money unties nothing; one that leaves with money leaves parts that make no
    hundred, and nobody but a person can say where they go.
    """
    served = set(project.objectives.values_list("pk", flat=True))
    gone = [row for row in project.objective_shares.all() if row.node_id not in served]
    if any(row.percent or row.is_main for row in gone):
        gone = list(project.objective_shares.all())
        forgotten = True
    else:
        forgotten = False
    for row in gone:
        row.delete()
    return forgotten


@transaction.atomic
def split_between_communes(
    *, project: Project, method: str, by: User, percents: Mapping[Commune, Decimal] | None = None
) -> ChargeKey | None:
    """Say how what remains to the owner is shared between communes; an empty method forgets the key.

    By inhabitants: the latest municipal population, whose year is kept. By hand: percentages that make a hundred.
    """
    if not may_write_money(by, project):
        raise PermissionDenied("Votre rôle ne permet pas de répartir ce projet entre les communes.")
    project = Project.objects.select_for_update(of=("self",)).get(pk=project.pk)
    key = ChargeKey.objects.filter(project=project).first()
    if not method:
        if key:
            for row in key.percents.all():
                row.delete()
            key.delete()
        return None
    communes = bearers_of(project)
    key = key or ChargeKey(project=project, intercommunality_id=project.intercommunality_id)
    key.method = method
    key.population_year = latest_year(communes) if method == Method.INHABITANTS else None
    key.full_clean()
    key.save()
    percents = {} if method != Method.BY_HAND else dict(percents or {})
    if any(commune not in communes for commune in percents):
        raise ValidationError("Cette commune n’est pas concernée par le projet.")
    if method == Method.BY_HAND and (fault := percents_fault(list(percents.values()))):
        raise ValidationError(fault)
    for row in key.percents.all():
        row.delete()
    for commune, percent in percents.items():
        row = ChargePercent(intercommunality_id=key.intercommunality_id, key=key, commune=commune, percent=percent)
        row.full_clean()
        row.save()
    return key


def bearers_of(project: Project) -> list[Commune]:
    """The communes between which the charge is shared: those named, or all the members when none is."""
    return list(project.communes.all()) or list(project.intercommunality.communes.all())


def latest_year(communes: list[Commune]) -> int:
    """The year of the latest populations of these communes. Raises `ValidationError` when none is known."""
    latest = Population.objects.filter(commune__in=communes).order_by("-year_in_force").first()
    if latest is None:
        raise ValidationError("La population de ces communes n’est pas connue : choisissez une autre répartition.")
    return latest.year_in_force
