"""What the groups of a territory say of their cooperation, as a person may read it: the table, then the drawing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from cooperation.drawing.curves import Curve, Reading, draw_curve
from cooperation.drawing.matrix import Mark, Matrix, draw_matrix
from projects.diagnosis.dimensions import OUT_OF, SCALES, WEAK_UNTIL, Dimension
from projects.diagnosis.models import Assessment, Score
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

MOST_ABOUT = 300  # projects told of on the page of the groups
MOST_READ = 300  # self-assessments read at once: sixty groups over five years
MOST_DRAWN = 12  # groups side by side in the drawing; the table tells all
# What each score looks like: its figure, and a family of its own from the strongest to the weakest.
MARKS = {4: 1, 3: 2, 2: 3, 1: 4, 0: 4}


@dataclass(frozen=True)
class GroupLine:
    """A group as it saw itself last: its scores in the order of the grid, its total, what may unblock it."""

    assessment: Assessment
    scores: dict[str, Score]
    projects: Sequence[Project]
    curve: Curve | None
    before: Sequence[tuple[str, int]]

    @property
    def total(self) -> int:
        return sum(score.value for score in self.scores.values())

    @property
    def total_text(self) -> str:
        return f"{self.total} sur {OUT_OF}"

    @property
    def proofs(self) -> list[Score]:
        return [score for score in self.scores.values() if score.evidence]

    @property
    def unproved(self) -> int:
        return len(self.scores) - len(self.proofs)

    @property
    def ways(self) -> list[tuple[str, int, str]]:
        """The dimensions that hold the group back, and what may unblock each."""
        weak = [score for score in self.scores.values() if score.value <= WEAK_UNTIL]
        return [
            (score.get_dimension_display(), score.value, SCALES[Dimension(score.dimension)].unblocking)
            for score in weak
        ]


def page_of(epci: Intercommunality, user: User) -> dict[str, Any]:
    """The groups as they saw themselves last, in a number of queries that does not grow with them."""
    found = Assessment.objects.visible_to(user).filter(intercommunality=epci)
    found = found.prefetch_related("scores").order_by("-assessed_on", "pk")[:MOST_READ]
    by_group: dict[str, list[Assessment]] = {}
    for assessment in found:
        by_group.setdefault(assessment.group, []).append(assessment)
    about = projects_of([several[0] for several in by_group.values()], user)
    lines = sorted(
        (line_of(several, about.get(several[0].pk, [])) for several in by_group.values()),
        key=lambda line: (-line.total, line.assessment.group),
    )
    return {
        "groups": lines,
        "headers": ["Dimension", *(line.assessment.group for line in lines)],
        "rows": [[one.label, *(line.scores[one].value for line in lines)] for one in Dimension],
        "total": [f"Total sur {OUT_OF}", *(line.total for line in lines)],
        "matrix": matrix_of(lines),
    }


def projects_of(assessments: Sequence[Assessment], user: User) -> dict[int, list[Project]]:
    """The projects that each group is about, among those that the person sees: as many as a page can tell of."""
    through = Assessment.projects.through.objects.filter(assessment__in=assessments).select_related("project")
    seen = through.filter(Project.objects.visibility(user, of="project__", each=True)).order_by("pk")
    found: dict[int, list[Project]] = {}
    for link in seen[:MOST_ABOUT]:
        found.setdefault(link.assessment_id, []).append(link.project)
    return {key: sorted(several, key=lambda one: one.reference) for key, several in found.items()}


def line_of(several: Sequence[Assessment], projects: Sequence[Project]) -> GroupLine:
    """A group from its self-assessments, the last one first."""
    scores = {score.dimension: score for score in several[0].scores.all()}
    ordered = {one.value: scores[one.value] for one in Dimension}
    along = [(one, sum(score.value for score in one.scores.all())) for one in reversed(several)]
    readings = [Reading(one.assessed_on, Decimal(total), str(total)) for one, total in along]
    curve = draw_curve(
        readings, target=Decimal(OUT_OF), target_text=f"au plus : {OUT_OF}", title=told_along(several[0].group, along)
    )
    return GroupLine(
        several[0], ordered, projects, curve if len(along) > 1 else None, [(one.month, total) for one, total in along]
    )


def told_along(group: str, along: Sequence[tuple[Assessment, int]]) -> str:
    (first, lowest), (last, highest) = along[0], along[-1]
    return f"{group} : de {lowest} en {first.month} à {highest} en {last.month}, sur {OUT_OF}"


def matrix_of(lines: Sequence[GroupLine]) -> Matrix | None:
    """The dimensions against the groups: a figure in each cell, and a shade that only repeats it."""
    if len(lines) > MOST_DRAWN:
        return None
    marks = {
        (row, column): Mark(str(value := line.scores[one].value), f"{value} sur 4", MARKS[value])
        for row, one in enumerate(Dimension)
        for column, line in enumerate(lines)
    }
    names = [line.assessment.group for line in lines]
    return draw_matrix([one.label for one in Dimension], names, marks, title="La coopération vue par ses groupes")
