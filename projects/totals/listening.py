"""What changes the sums: every row of a project that is counted marks it when it is written or goes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_delete, pre_save

from projects.effects.models import Indicator, Measurement
from projects.funding.models import FundingLine, FundingPlan, PaymentCredit
from projects.funding.operating_models import OperatingLine
from projects.funding.share_models import ObjectiveShare
from projects.funding.year_models import FundingYear
from projects.proposals.actor_models import Actor, Endorsement
from projects.proposals.models import OrientationFit, Project
from projects.strategy.models import Orientation, StrategyNode
from projects.totals.models import Addend
from projects.totals.services import forget, mark
from projects.totals.tasks import count_again

PARTS = (Actor, FundingPlan, Indicator, ObjectiveShare, OrientationFit)
READERS = ("agenda_items", "opinion_requests")  # what tells of a project to others: rows of the rooms above
LINKS = (Project.communes.through, Project.objectives.through)


def hear_project(instance: Project, **_: Any) -> None:
    mark([instance])


def hear_part(instance: Any, origin: Any = None, **_: Any) -> None:
    """A part written or gone; when the project itself goes, there is nothing left to count."""
    if not is_project(origin):
        mark([instance.project])


def is_project(origin: Any) -> bool:
    return isinstance(origin, Project) or getattr(origin, "model", None) is Project


def hear_line(instance: FundingLine | PaymentCredit | OperatingLine, origin: Any = None, **_: Any) -> None:
    if not is_project(origin):
        mark([instance.plan.project])


def hear_funded_year(instance: FundingYear, origin: Any = None, **_: Any) -> None:
    if not is_project(origin):
        mark([instance.line.plan.project])


def hear_endorsement(instance: Endorsement, origin: Any = None, **_: Any) -> None:
    if not is_project(origin):
        mark([instance.actor.project])


def hear_measurement(instance: Measurement, **_: Any) -> None:
    mark([instance.indicator.project])


def hear_link(instance: Project, action: str, **_: Any) -> None:
    """Communes or objectives of a project; from the other side, its history already refuses them."""
    if action in {"post_add", "post_remove", "post_clear"}:
        mark([instance])


def hear_rank(instance: StrategyNode | Orientation, **_: Any) -> None:
    """The cent that cannot be shared goes by the order of codes, and an undivided cost by the order of the plan.

    Only projects that serve several are touched; all those of an objective and of what is below it, when it is hung
    elsewhere. They may be thousands: the worker counts them, not who reads.
    """
    ranks = ("code", "position", "parent_id") if isinstance(instance, StrategyNode) else ("code",)
    former = type(instance).objects.filter(pk=instance.pk).values(*ranks).first()
    moved = {name for name in ranks if former and former[name] != getattr(instance, name)}
    if not moved:
        return
    if isinstance(instance, StrategyNode) and "parent_id" in moved:
        touched = Project.objects.serving(instance)
    else:
        touched = instance.projects.filter(Exists(served_beside(instance).filter(project=OuterRef("pk"))))
    if Addend.objects.filter(project__in=touched.order_by().values("pk")).update(is_stale=True):
        transaction.on_commit(partial(count_again.enqueue, instance.intercommunality_id))


def served_beside(instance: StrategyNode | Orientation) -> QuerySet[Any]:
    """What projects serve among which this one has its rank: other objectives, other orientations of its mandate."""
    if isinstance(instance, StrategyNode):
        return Project.objectives.through.objects.exclude(strategynode=instance)
    return OrientationFit.objects.filter(orientation__mandate=instance.mandate_id).exclude(orientation=instance)


def hear_going(instance: Addend, **_: Any) -> None:
    forget(instance)


def listen() -> None:
    """Hear what changes, from the start of the application."""
    told: list[tuple[Callable[..., Any], Any, Any]] = [
        (hear_project, post_save, Project),
        (hear_going, pre_delete, Addend),
    ]
    parts = [*PARTS, *(Project.objects.linked(name).model for name in READERS)]
    told += [(hear_part, signal, part) for part in parts for signal in (post_save, post_delete)]
    parts_of_parts: tuple[tuple[Callable[..., Any], Any], ...] = (
        (hear_measurement, Measurement),
        (hear_endorsement, Endorsement),
        (hear_line, FundingLine),
        (hear_line, PaymentCredit),
        (hear_line, OperatingLine),
        (hear_funded_year, FundingYear),
    )
    told += [(hear, signal, part) for hear, part in parts_of_parts for signal in (post_save, post_delete)]
    told += [(hear_link, m2m_changed, link) for link in LINKS]
    told += [(hear_rank, pre_save, ranked) for ranked in (StrategyNode, Orientation)]
    for hear, signal, sender in told:
        signal.connect(hear, sender=sender, dispatch_uid=f"totals:{hear.__name__}:{sender.__name__}")
