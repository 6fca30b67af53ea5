"""One act on several projects ticked in the list: what will happen to each, then all of it in one transaction."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from partners.people.access import scope_of
from projects.marks import services as marks
from projects.proposals.models import Project
from projects.proposals.services import move
from projects.proposals.workflow import workflow
from projects.review import services as review

if TYPE_CHECKING:
    from partners.people.models import User
    from territories.places.models import Intercommunality

MOST = 60  # projects at once


@dataclass(frozen=True)
class GroupedAct:
    """One line of the menu: what it is called, what it asks, why it is refused to a project, how it is done."""

    name: str
    label: str
    done: str  # what will happen to a project, as a sentence
    refusal: Callable[[Project, User, dict[str, Any]], str]
    perform: Callable[[Project, User, dict[str, Any]], object]
    asks: str = ""  # the field of the form that it needs
    is_needed: bool = True


def transition(name: str, done: str, *, verb: Callable[..., object] = move) -> GroupedAct:
    """A row of the state table, done on each project by its own verb."""
    row = workflow.table[name]

    def perform(project: Project, by: User, said: dict[str, Any]) -> object:
        return verb(project=project, name=name, by=by, reason=said.get("reason", ""))

    return GroupedAct(
        name=name,
        label=row.label,
        done=done,
        refusal=lambda project, by, said: workflow.verdict(project, name, by).reason,
        perform=perform,
        asks="reason" if row.needs_reason else "",
    )


def add_objective(project: Project, by: User, said: dict[str, Any]) -> object:
    """Tie the project to one more objective; what it serves already stays, and so does the opinion written."""
    served = [*project.objectives.all(), said["objective"]]
    return review.write_opinion(project=project, objectives=served, recommendation=project.recommendation, by=by)


def why_no_objective(project: Project, by: User, said: dict[str, Any]) -> str:
    objective = said.get("objective")
    if objective and objective in project.objectives.all():
        return "Ce projet sert déjà cet objectif."
    return review.refusal_of(project, by)


# fmt: off
ACTS = {act.name: act for act in (
    transition("accept",   "Il passe en instruction.", verb=review.give_verdict),
    transition("return",   "Il revient, avec votre motif, à son auteur, ou à la coordination si aucun n’est inscrit.",
               verb=review.give_verdict),
    transition("start",    "Il passe à l’état « En cours »."),
    transition("suspend",  "Il est suspendu, avec votre motif."),
    transition("resume",   "Il reprend."),
    transition("complete", "Il passe à l’état « Réalisé »."),
    GroupedAct("objective", "Rattacher à un objectif", "Il servira aussi cet objectif.",
               why_no_objective, add_objective, "objective"),
    GroupedAct("mark", "Marquer pour moi", "Il porte votre marque, que personne d’autre ne voit.",
               lambda project, by, said: "",
               lambda project, by, said: marks.mark(project=project, by=by, note=said.get("note", "")), "note", False),
)}
# fmt: on


@dataclass(frozen=True)
class Foreseen:
    """A project with what will happen to it, or why nothing will."""

    project: Project
    refusal: str
    done: str


def require_grouped(user: User, intercommunality: Intercommunality) -> None:
    """Acts on several projects at once are for the coordination."""
    if not scope_of(user).may("review_projects", intercommunality.pk):
        raise PermissionDenied("Les actes groupés sont réservés à la coordination.")


def ticked(user: User, intercommunality: Intercommunality, pks: Sequence[str]) -> list[Project]:
    """The projects ticked that the person sees, at most `MOST`; what is not a number is nobody's project."""
    numbers = [int(pk) for pk in pks if pk.isdecimal() and len(pk) < 19]
    visible = Project.objects.visible_to(user).of(intercommunality).filter(pk__in=numbers)
    return list(visible.prefetch_related("objectives").order_by("reference", "pk")[:MOST])


def foresee(act: GroupedAct, projects: Sequence[Project], by: User, said: dict[str, Any]) -> list[Foreseen]:
    """What the act will do to each project, in the order given."""
    return [Foreseen(project, act.refusal(project, by, said), act.done) for project in projects]


@transaction.atomic
def perform_on_all(
    *, act: GroupedAct, projects: Sequence[Project], agreed: set[int], by: User, said: dict[str, Any]
) -> list[Project]:
    """Do the act on the projects agreed upon, all or none, the rows locked in one order.

    Raises `ValidationError` when one of them can no longer: whoever agreed to a list never gets half of it.
    """
    if act.asks and act.is_needed and not said.get(act.asks):
        raise ValidationError("Il manque ce que cet acte demande.")
    kept = sorted(project.pk for project in projects if project.pk in agreed)
    locked = list(Project.objects.select_for_update(of=("self",)).filter(pk__in=kept).order_by("pk"))
    if len(locked) < len(agreed):
        raise ValidationError("Un des projets choisis n’est plus là. Rien n’a été fait.")
    for project in locked:
        if reason := act.refusal(project, by, said):
            raise ValidationError(f"Rien n’a été fait. « {project} » : {reason}")
    for project in locked:
        act.perform(project, by, said)
    return locked
