"""What pages and prints show of indicators: figures with their unit, where each stands, what was changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, OuterRef

from cooperation.drawing.curves import Curve, Reading, draw_curve
from cooperation.drawing.gauges import Gauge, draw_gauge
from cooperation.french import NBSP, date_fr, euros, number, percent
from projects.effects import rules
from projects.effects.access import Act, verdict
from projects.effects.models import Indicator, Measurement
from projects.effects.rules import Standing
from projects.effects.survey_reads import told_of as surveys_of
from projects.proposals.models import Move, Project
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import Status

if TYPE_CHECKING:
    from partners.people.models import User

SAID = {
    Standing.UNMEASURED: ("unknown", "Pas encore mesuré"),
    Standing.ON_THE_WAY: ("in_progress", "En chemin"),
    Standing.REACHED: ("good", "Cible atteinte"),
    Standing.BACKWARD: ("alert", "En recul"),
}
LIMIT_SAID = {
    Standing.REACHED: ("good", "Limite respectée"),
    Standing.BACKWARD: ("alert", "Limite dépassée"),
}
SHOWN = 6
TOLD = ("name", "definition", "kind", "unit", "direction", "source", "frequency", "responsible", "baseline",
        "baseline_on", "target", "target_on", "condition")  # fmt: skip


@dataclass(frozen=True)
class Line:
    """An indicator as it stands: figures in words, and the part of the way, as it is and drawn between its ends."""

    indicator: Indicator
    baseline: str
    value: str
    target: str
    standing: Standing
    badge: str
    label: str
    raw: Decimal | None
    gauge: Gauge | None
    is_old: bool

    @property
    def way(self) -> str:
        """« 67 % du chemin », the raw figure even when the bar stops at its end."""
        return "" if self.raw is None else f"{percent(self.raw, 0)} du chemin"

    @property
    def lacks_condition(self) -> bool:
        return bool(self.indicator.condition) and self.indicator.last_meets is False


def amount(value: Decimal | None, unit: str) -> str:
    """« 84 % », « 7,20 € », « 11 minutes »; a dash when nothing is known."""
    match value, unit:
        case None, _:
            return "—"
        case _, "%":
            return percent(value)
        case _, "€":
            return euros(value)
        case _, "":
            return number(value)
        case _:
            return f"{number(value)}{NBSP}{unit}"


def line_of(indicator: Indicator, today: date) -> Line:
    """Read an indicator that brought its last measurement (`with_last`)."""
    value, rises = indicator.last_value, indicator.rises
    limit = rules.is_limit(rises=rises, baseline=indicator.baseline, target=indicator.target)
    standing = rules.standing(
        rises=rises,
        baseline=indicator.baseline,
        target=indicator.target,
        value=value,
        condition_met=indicator.last_meets is not False,
    )
    badge, label = (LIMIT_SAID if limit else {}).get(standing, SAID[standing])
    raw = None
    if value is not None and not limit:
        raw = rules.progress(baseline=indicator.baseline, target=indicator.target, value=value)
    return Line(
        indicator=indicator,
        baseline=amount(indicator.baseline, indicator.unit),
        value=amount(value, indicator.unit),
        target=amount(indicator.target, indicator.unit),
        standing=standing,
        badge=badge,
        label=label,
        raw=raw,
        gauge=draw_gauge(rules.drawn(raw), title=f"{percent(raw, 0)} du chemin") if raw is not None else None,
        is_old=value is not None and rules.is_out_of_date(indicator.last_on, today),
    )


def give_last(indicators: Iterable[Indicator], measurements: Iterable[Measurement]) -> None:
    """Say of each indicator its last measurement from rows already read (of a past day), as `with_last` does."""
    last = {one.indicator_id: one for one in sorted(measurements, key=lambda one: (one.measured_on, one.pk))}
    for indicator in indicators:
        found = last.get(indicator.pk)
        indicator.last_value = found.value if found else None
        indicator.last_on = found.measured_on if found else None
        indicator.last_note = found.note if found else None
        indicator.last_meets = found.meets_condition if found else None


def lines_of(project: Project, today: date) -> list[Line]:
    """The indicators that a project still follows."""
    return [line_of(one, today) for one in project.indicator_set.followed().with_last()]


def evaluation_of(project: Project) -> Move | None:
    """The words that closed the life of a project, once it is evaluated."""
    if project.status != Status.EVALUATED:
        return None
    return project.moves.filter(transition="evaluate").order_by("-pk").first()


def told_of(project: Project, user: User, today: date) -> dict[str, Any]:
    """What the page of a project says of its effects, beside the words of its evaluation."""
    lines = lines_of(project, today)
    return {
        "lines": lines[:SHOWN],
        "more": max(len(lines) - SHOWN, 0),
        "surveys": surveys_of(project)[:1],
        "evaluation": evaluation_of(project),
        "may_define": bool(verdict(user, Act.DEFINE, project, today)),
    }


def curve_of(indicator: Indicator, measurements: list[Measurement]) -> Curve | None:
    """The line of the values, from the start when its day is known."""
    readings = [Reading(one.measured_on, one.value, amount(one.value, indicator.unit)) for one in measurements]
    if indicator.baseline is not None and indicator.baseline_on is not None:
        readings.insert(
            0, Reading(indicator.baseline_on, indicator.baseline, amount(indicator.baseline, indicator.unit))
        )
    target = f"cible{NBSP}: {amount(indicator.target, indicator.unit)}"
    said = ", ".join(f"{one.text} le {date_fr(one.on)}" for one in readings)
    title = f"{indicator.name}{NBSP}: {said}{NBSP}; {target}."
    return draw_curve(readings, target=indicator.target, target_text=target, title=title)


def story_of(indicator: Indicator) -> list[dict[str, Any]]:
    """What was changed in the definition, the latest first: a target that moved says so."""
    rows = list(indicator.history.select_related("history_user").order_by("history_date", "history_id"))
    told = []
    for before, after in pairwise(rows):
        changes = [
            (Indicator._meta.get_field(name).verbose_name, words(before, name), words(after, name))
            for name in TOLD
            if getattr(before, name) != getattr(after, name)
        ]
        if changes:
            told.append({"on": after.history_date, "who": after.history_user or "", "changes": changes})
    return told[::-1]


def words(row: Any, name: str) -> str:
    """One field of a past row, as people read it."""
    match getattr(row, name):
        case None | "":
            return "rien"
        case Decimal() as value:
            return amount(value, row.unit)
        case date() as day:
            return date_fr(day)
        case text:
            return str(getattr(row, f"get_{name}_display", lambda: text)())


def former_values(indicator: Indicator) -> dict[int, list[str]]:
    """What each measurement said before it was put right, by primary key."""
    found: dict[int, list[str]] = defaultdict(list)
    rows = Measurement.history.filter(indicator_id=indicator.pk).order_by("history_date", "history_id")
    for row in rows:
        if (text := amount(row.value, indicator.unit)) not in found[row.id][-1:]:
            found[row.id].append(text)
    return {pk: texts[:-1] for pk, texts in found.items() if len(texts) > 1}


def without_indicator(found: ProjectQuerySet) -> ProjectQuerySet:
    """The projects that nothing measures."""
    return found.filter(~Exists(Indicator.objects.followed().filter(project=OuterRef("pk"))))


def without_recent_measure(found: ProjectQuerySet, today: date) -> ProjectQuerySet:
    """The projects that follow an indicator, and of which nothing was measured for a year."""
    followed = Indicator.objects.followed().filter(project=OuterRef("pk"))
    recent = Measurement.objects.filter(
        indicator__project=OuterRef("pk"), indicator__dropped_on=None, measured_on__gte=today - rules.A_YEAR
    )
    return found.filter(Exists(followed), ~Exists(recent))
