"""Where meetings are held: commune by commune, held and to come, and the communes that never receive any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from cooperation.drawing.classes import LegendClass, classes_of, level_of
from cooperation.drawing.maps import Map, Place, draw_page_map
from cooperation.french import NBSP, date_fr, listed, number, plural
from projects.calendar.models import Meeting
from projects.proposals.search import fold
from territories.places.models import Commune
from territories.places.outlines import communes_said, outlines_of

if TYPE_CHECKING:
    from territories.places.models import Intercommunality


MOST = 1_000  # meetings read on each side of today: more than an EPCI holds in a year, and still counted at once


class Held(NamedTuple):
    """A meeting as the table shows it."""

    pk: int
    label: str
    starts_at: datetime
    commune: int | None

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
    held: list[Held] = field(default_factory=list)  # the latest first
    coming: list[Held] = field(default_factory=list)  # the soonest first

    @property
    def url(self) -> str:
        return reverse("projects:commune", args=[self.commune.insee_code])

    @property
    def count(self) -> int:
        return len(self.held) + len(self.coming)

    @property
    def last(self) -> Held | None:
        return self.held[0] if self.held else None

    @property
    def next(self) -> Held | None:
        return self.coming[0] if self.coming else None


@dataclass(frozen=True)
class Hosting:
    """The page of the places: the map and its legend, the table, and what the map cannot show, in sentences."""

    rows: Sequence[Hosted]
    map: Map | None
    legend: Sequence[LegendClass]
    notes: Sequence[str]


def hosting_of(epci: Intercommunality, seen: QuerySet[Meeting], *, window: Q, now: datetime, words: str) -> Hosting:
    """Gather the meetings of a period by commune, those nearest to today; what was called off is not counted."""
    standing = seen.exclude(state=Meeting.State.CANCELLED)
    mine = standing.filter(window).values_list("pk", "label", "starts_at", "commune_id")
    held = [Held(*row) for row in mine.filter(starts_at__lt=now).order_by("-starts_at", "-pk")[: MOST + 1]]
    coming = [Held(*row) for row in mine.filter(starts_at__gte=now).order_by("starts_at", "pk")[: MOST + 1]]
    rows = {one.pk: Hosted(one) for one in sorted(epci.communes.all(), key=lambda one: fold(one.name))}
    elsewhere = Hosted(Commune())  # at a distance, or outside the territory
    for one in held[:MOST]:
        rows.get(one.commune, elsewhere).held.append(one)
    for one in coming[:MOST]:
        rows.get(one.commune, elsewhere).coming.append(one)
    empty = [row.commune for row in rows.values() if not row.count]
    never = never_hosting(standing, empty, is_dense=max(len(held), len(coming)) > MOST)
    shown, legend = draw_hosting(epci, list(rows.values()), words)
    notes = [*shortened(held, "tenues", "depuis le"), *shortened(coming, "à venir", "jusqu’au")]
    return Hosting(list(rows.values()), shown, legend, notes + notes_of(list(rows.values()), never, elsewhere.count))


def never_hosting(standing: QuerySet[Meeting], communes: Sequence[Commune], *, is_dense: bool) -> list[Commune]:
    """Among these communes, those that received no meeting and will receive none, at any date.

    Where meetings abound, each commune looks for one of its own; where they are few, all are read.
    """
    keys = [one.pk for one in communes]
    if is_dense:
        latest = standing.filter(commune=OuterRef("pk")).order_by("-starts_at").values("pk")[:1]
        known = Commune.objects.filter(Exists(Meeting.objects.filter(commune=OuterRef("pk"))), pk__in=keys)
        hosts = set(known.alias(latest=Subquery(latest)).filter(latest__isnull=False).values_list("pk", flat=True))
    else:
        hosts = set(standing.values_list("commune_id", flat=True))
    return [one for one in communes if one.pk not in hosts]


def shortened(found: Sequence[Held], kind: str, way: str) -> list[str]:
    """What the map leaves out, when there are more meetings than it counts."""
    if len(found) <= MOST:
        return []
    last = found[MOST - 1].on
    return [
        f"Plus de {number(MOST)} réunions {kind}{NBSP}: la carte compte les plus proches d’aujourd’hui, {way} {last}."
    ]


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
                told=told_on_map(len(row.held), len(row.coming)),
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


def notes_of(rows: Sequence[Hosted], never: Sequence[Commune], elsewhere: int) -> list[str]:
    """What a map cannot show: who never receives a meeting, and what is held nowhere on the territory."""
    notes = []
    if names := [one.name for one in never]:
        notes.append(f"Jamais de réunion, ni tenue ni prévue{NBSP}: {listed(names, 12)}.")
    if elsewhere:
        notes.append(f"À distance, ou sans commune{NBSP}: {said(elsewhere)}, que la carte ne montre pas.")
    if not any(row.count for row in rows):
        notes.append("Aucune réunion dans une commune sur cette période.")
    return notes
