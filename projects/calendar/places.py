"""Where meetings are held: commune by commune, held and to come, and the communes that never receive any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from cooperation.drawing.classes import LegendClass, classes_of, level_of
from cooperation.drawing.maps import Map, Place, draw_page_map
from cooperation.french import NBSP, date_fr, listed, number, plural
from cooperation.spelling import fold
from projects.calendar.models import Meeting
from territories.places.models import Commune
from territories.places.outlines import communes_said, outlines_of

if TYPE_CHECKING:
    from territories.places.models import Intercommunality


MOST = 500  # meetings read on each side of today: more than an EPCI holds in half a year, and still counted at once


class Held(NamedTuple):
    """A meeting as the table shows it."""

    pk: int
    label: str
    starts_at: datetime

    @property
    def url(self) -> str:
        return reverse("projects:meeting", args=[self.pk])

    @property
    def on(self) -> str:
        return date_fr(self.starts_at)


@dataclass
class Hosted:
    """A commune, and the meetings that it receives on the period."""

    commune: Commune
    held: int = 0
    coming: int = 0
    last: Held | None = None  # of those held
    next: Held | None = None  # of those to come

    @property
    def url(self) -> str:
        return reverse("projects:commune", args=[self.commune.insee_code])

    @property
    def count(self) -> int:
        return self.held + self.coming


@dataclass(frozen=True)
class Hosting:
    """The page of the places: the map and its legend, the table, and what the map cannot show, in sentences."""

    rows: Sequence[Hosted]
    map: Map | None
    legend: Sequence[LegendClass]
    notes: Sequence[str]


def hosting_of(
    epci: Intercommunality,
    seen: QuerySet[Meeting],
    never: Callable[[Sequence[Commune]], Sequence[Commune] | None],
    *,
    window: Q,
    now: datetime,
    words: str,
) -> Hosting:
    """Gather the meetings of a period by commune, those nearest to today; what was called off is not counted.

    `never` tells which of some communes receive none at any date; None when it does not say.
    """
    mine = standing(seen).filter(window).values_list("pk", "commune")
    held: list[Row] = list(mine.filter(starts_at__lt=now).order_by("-starts_at", "-pk")[: MOST + 1])
    coming: list[Row] = list(mine.filter(starts_at__gte=now).order_by("starts_at", "pk")[: MOST + 1])
    last, soonest = firsts_of(held), firsts_of(coming)
    told = meetings_named([*last.values(), *soonest.values(), *ends_of(held), *ends_of(coming)])
    was, will = (Counter(commune for _, commune in found[:MOST]) for found in (held, coming))
    rows = [
        Hosted(one, was[one.pk], will[one.pk], told.get(last.get(one.pk)), told.get(soonest.get(one.pk)))
        for one in sorted(epci.communes.all(), key=lambda one: fold(one.name))
    ]
    elsewhere = was.total() + will.total() - sum(row.count for row in rows)
    shown, legend = draw_hosting(epci, rows, words)
    notes = [shortened(told[pk], "tenues", "depuis le") for pk in ends_of(held)]
    notes += [shortened(told[pk], "à venir", "jusqu’au") for pk in ends_of(coming)]
    empty = [row.commune for row in rows if not row.count]
    return Hosting(rows, shown, legend, notes + notes_of(rows, empty, never(empty), elsewhere))


Row = tuple[int, int | None]  # a meeting and its commune


def firsts_of(found: Sequence[Row]) -> dict[int | None, int]:
    """The first meeting of each commune, in the order in which they are read."""
    return {commune: pk for pk, commune in reversed(found[:MOST])}


def ends_of(found: Sequence[Row]) -> list[int]:
    """The last meeting that is counted, when there are more."""
    return [found[MOST - 1][0]] if len(found) > MOST else []


def meetings_named(keys: Sequence[int]) -> dict[int | None, Held]:
    rows = Meeting.objects.filter(pk__in=keys).order_by().values_list("pk", "label", "starts_at")
    return {row[0]: Held(*row) for row in rows}


def never_hosting(
    seen: QuerySet[Meeting], communes: Sequence[Commune], *, are_few: bool, is_whole: bool
) -> list[Commune] | None:
    """Among these communes, those that received no meeting and will receive none, at any date.

    The meetings seen are all read where they `are_few`. Where they are those of the `is_whole` territory, each commune
    finds one of its own soon. Among those of a large part of it, nothing is said: all would have to be read.
    """
    if are_few:
        hosts = set(standing(seen).values_list("commune_id", flat=True).distinct())
    elif not is_whole:
        return None
    else:
        latest = standing(seen).filter(commune=OuterRef("pk")).order_by("-starts_at").values("pk")[:1]
        known = Commune.objects.filter(
            Exists(Meeting.objects.filter(commune=OuterRef("pk"))), pk__in=[one.pk for one in communes]
        )
        hosts = set(known.alias(latest=Subquery(latest)).filter(latest__isnull=False).values_list("pk", flat=True))
    return [one for one in communes if one.pk not in hosts]


def standing(meetings: QuerySet[Meeting]) -> QuerySet[Meeting]:
    """Those that were not called off."""
    return meetings.exclude(state=Meeting.State.CANCELLED)


def shortened(end: Held, kind: str, way: str) -> str:
    """What the map leaves out, when there are more meetings than it counts; `end` is the last one counted."""
    return (
        f"Plus de {number(MOST)} réunions {kind}{NBSP}: la carte compte les plus proches d’aujourd’hui, {way} {end.on}."
    )


def said(count: int) -> str:
    """« aucune réunion », « 1 réunion », « 12 réunions »."""
    return f"{number(count)}{NBSP}{plural(count, 'réunion')}" if count else "aucune réunion"


def draw_hosting(epci: Intercommunality, rows: Sequence[Hosted], words: str) -> tuple[Map | None, list[LegendClass]]:
    """The map of the communes by the number of meetings they receive; the lightest receive none."""
    outlines = {pk: outline for pk, outline, _ in outlines_of(epci)}
    drawn = [row for row in rows if row.commune.pk in outlines]
    classes = classes_of([row.count for row in drawn if row.count])
    shown = draw_page_map(
        [
            Place(
                name=row.commune.name,
                outline=outlines.get(row.commune.pk),
                level=level_of(row.count or None, classes),
                told=told_on_map(row.held, row.coming),
                url=row.url,
                weight=row.count,
            )
            for row in rows
        ],
        title=f"Carte des réunions, {words}",
    )
    legend = [LegendClass(one.level, range_words(one.low, one.high), communes_said(one.count)) for one in classes]
    if none := sum(not row.count for row in drawn):
        legend.insert(0, LegendClass(0, "Aucune réunion", communes_said(none)))
    return shown, legend


def range_words(low: int, high: int) -> str:
    return said(low) if low == high else f"De {number(low)} à {said(high)}"


def told_on_map(held: int, coming: int) -> str:
    return f"{said(held)} {plural(held, 'tenue')}, {said(coming)} à venir"


def notes_of(
    rows: Sequence[Hosted], empty: Sequence[Commune], never: Sequence[Commune] | None, elsewhere: int
) -> list[str]:
    """What a map cannot show: who receives no meeting, ever or in the period, and what is held elsewhere."""
    notes = []
    if never:
        among = "Parmi les communes sans réunion sur cette période, aucune réunion à aucune date"
        told = among if len(never) < len(empty) else "Jamais de réunion, ni tenue ni prévue"
        notes.append(f"{told}{NBSP}: {names_of(never)}.")
    elif never is None and empty and len(empty) < len(rows):
        notes.append(f"Aucune réunion sur cette période{NBSP}: {names_of(empty)}.")
    if elsewhere:
        notes.append(f"À distance, ou sans commune{NBSP}: {said(elsewhere)}, que la carte ne montre pas.")
    if len(empty) == len(rows):
        notes.append("Aucune réunion dans une commune sur cette période.")
    return notes


def names_of(communes: Sequence[Commune]) -> str:
    return listed([one.name for one in communes], 12)
