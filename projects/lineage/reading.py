"""Where a project comes from and what came of it, as its page tells it to each reader."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from projects.lineage.models import ProjectLink
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

Kind = ProjectLink.Kind
# fmt: off
WORDS = {  # kind: what the origin says of its result, what the result says of its origin
    Kind.ABSORBED: ("Regroupé avec",             "Reprend le projet"),
    Kind.COPIED:   ("A servi de modèle à",       "Copié de"),
    Kind.SPLIT:    ("S’en est détaché le projet", "Détaché de"),
}
# fmt: on


@dataclass(frozen=True)
class Tie:
    """A line of the page: what ties, with which project, since when; the other one is named to those who see it."""

    words: str
    other: Project
    is_visible: bool
    link: ProjectLink


def ties_of(project: Project, user: User) -> list[Tie]:
    """The links of a project, both ways, in two queries; an unseen copy is nobody's business and is left out."""
    both = Q(origin=project) | Q(result=project)
    links = list(ProjectLink.objects.filter(both).select_related("origin", "result"))
    if not links:
        return []
    others = {one.result_id if one.origin_id == project.pk else one.origin_id for one in links}
    visible = set(Project.objects.visible_to(user).filter(pk__in=others).values_list("pk", flat=True))
    ties = []
    for one in links:
        is_origin = one.origin_id == project.pk
        other = one.result if is_origin else one.origin
        if other.pk in visible or one.kind == Kind.ABSORBED:
            ties.append(Tie(WORDS[Kind(one.kind)][not is_origin], other, other.pk in visible, one))
    return ties


def absorbed_into(project: Project, user: User) -> list[Project]:
    """The projects taken over by this one that the person sees, in the order in which they came."""
    visible = Project.objects.visible_to(user).filter(descents__kind=Kind.ABSORBED, descents__result=project)
    return list(visible.order_by("descents__made_at"))
