"""The guided form: its five steps, in order, with what each one shows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404
from django.urls import reverse

from cooperation.french import counted
from projects.proposals.completeness import Lack
from projects.proposals.forms import MeansForm, NeedForm, PlaceForm
from projects.proposals.models import Project


@dataclass(frozen=True)
class Step:
    key: str
    label: str
    form: Any = None


STEPS = (
    Step("need", "Le besoin et l’objectif", NeedForm),
    Step("place", "Où, et sous quelle compétence", PlaceForm),
    Step("actors", "Avec qui : les acteurs"),
    Step("means", "Les moyens", MeansForm),
    Step("review", "Relire et déposer"),
)
# The addresses are in French.
SLUGS = {"besoin": "need", "lieu": "place", "acteurs": "actors", "moyens": "means", "relecture": "review"}
SLUG_OF = {key: slug for slug, key in SLUGS.items()}


def step_of(slug: str) -> Step:
    try:
        return next(step for step in STEPS if step.key == SLUGS[slug])
    except KeyError as error:
        raise Http404("Cette étape n’existe pas.") from error


def url_of(project: Project, key: str) -> str:
    return reverse("projects:write", args=[project.pk, SLUG_OF[key]])


def next_key(step: Step) -> str:
    keys = [one.key for one in STEPS]
    return keys[min(keys.index(step.key) + 1, len(keys) - 1)]


def with_links(project: Project, lacks: list[Lack]) -> list[dict[str, str]]:
    """What the project lacks, each with the step where it is written."""
    return [{"text": lack.sentence, "url": url_of(project, lack.step)} for lack in lacks]


def contents(project: Project, current: Step, lacks: list[Lack], refused: int = 0) -> list[dict[str, Any]]:
    """The contents on the left, with a tick for each step where nothing is missing.

    `refused` counts the answers of the current step that were not taken: what is stored may be whole, and they are not.
    """
    notes = {step: _note_of(step, current, lacks, refused) for step in STEPS}
    begun = {
        "need": bool(project.title),
        "place": bool(project.scale),
        "actors": True,
        "means": bool(project.resources or project.starts_on or project.owner_kind),
        "review": False,
    }
    return [
        {
            "label": step.label,
            "url": url_of(project, step.key),
            "is_done": begun[step.key] and not notes[step],
            "is_current": step == current,
            "note": notes[step],
        }
        for step in STEPS
    ]


def _note_of(step: Step, current: Step, lacks: list[Lack], refused: int) -> str:
    """« 2 points à compléter », or « 1 réponse à corriger » first; empty when nothing is missing."""
    if refused and step == current:
        return f"{counted(refused, 'réponse')} à corriger"
    missing = sum(lack.step == step.key for lack in lacks)
    return f"{counted(missing, 'point')} à compléter" if missing else ""
