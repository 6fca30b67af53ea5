"""What is typed of a self-assessment: a group, a month, its projects, ten scores and what proves them."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from cooperation.forms import DayInput
from cooperation.french import typo, uncapitalized
from cooperation.shared import SEEN, SharedForm
from partners.people.models import User
from projects.diagnosis.dimensions import MOST, SCALES, Dimension
from projects.diagnosis.models import Assessment
from projects.proposals.models import Project

ENDS = {0: "lowest", MOST: "highest"}


def choices_of(dimension: Dimension) -> list[tuple[Any, str]]:
    """0 to 4, the two ends in words."""
    scale = SCALES[dimension]
    told = [(n, typo(f"{n} : {getattr(scale, ENDS[n])}") if n in ENDS else str(n)) for n in range(MOST + 1)]
    return [("", "Choisissez…"), *told]


class AssessmentForm(SharedForm, forms.Form):
    """The ten dimensions one after the other, each with its score and its proof."""

    group = forms.CharField(
        label="Quel groupe s’est évalué ?",
        max_length=120,
        help_text="Un groupe ou un comité, jamais une personne. Gardez le même nom d’une fois à l’autre.",
        error_messages={"required": "Dites quel groupe s’est évalué."},
    )
    assessed_on = forms.DateField(label="Quand ?", widget=DayInput, error_messages={"required": "Donnez la date."})
    references = forms.CharField(
        label="Pour quels projets ?",
        required=False,
        max_length=200,
        help_text="Leurs références, séparées par des virgules, par exemple : P01, P02.",
    )

    def __init__(self, *args: Any, assessment: Assessment, user: User, **kwargs: Any) -> None:
        self.instance, self.user = assessment, user
        super().__init__(*args, initial=stored(assessment), **kwargs)
        for dimension in Dimension:
            self.fields[f"{dimension.value}_score"] = forms.TypedChoiceField(
                label=dimension.label,
                choices=choices_of(dimension),
                help_text=typo(f"0 : {SCALES[dimension].lowest} ; {MOST} : {SCALES[dimension].highest}."),
                coerce=int,
                error_messages={"required": f"Notez « {dimension.label} » de 0 à 4."},
            )
            self.fields[f"{dimension.value}_evidence"] = forms.CharField(
                label=f"Ce qui le montre ({uncapitalized(dimension.label)})",
                max_length=300,
                required=False,
            )

    def clean_references(self) -> str:
        """References that the person may read; each unknown one is named."""
        asked = [word.upper() for word in re.split(r"[\s,;]+", self.cleaned_data["references"]) if word]
        visible = Project.objects.visible_to(self.user).filter(intercommunality=self.instance.intercommunality)
        found = {project.reference: project for project in visible.filter(reference__in=asked)}
        if unknown := [word for word in asked if word not in found]:
            raise forms.ValidationError(f"Aucun projet ne porte la référence {', '.join(unknown)}.")
        self.projects = [found[word] for word in dict.fromkeys(asked)]
        return ", ".join(project.reference for project in self.projects)

    def head(self) -> list[forms.BoundField]:
        """Which group, when, for what; with what the page remembers of it."""
        return [self[name] for name in ("group", "assessed_on", "references", SEEN)]

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each dimension, the score and its proof, side by side."""
        return [(self[f"{one}_score"], self[f"{one}_evidence"]) for one in Dimension.values]

    @property
    def told(self) -> dict[str, Any]:
        """What the verb asks for."""
        data = self.cleaned_data
        scores = {one: (data[f"{one}_score"], data[f"{one}_evidence"].strip()) for one in Dimension.values}
        return {
            "group": data["group"],
            "assessed_on": data["assessed_on"],
            "projects": self.projects,
            "scores": scores,
        }


def stored(assessment: Assessment) -> dict[str, Any]:
    if assessment.pk is None:
        return {}
    told: dict[str, Any] = {
        "group": assessment.group,
        "assessed_on": assessment.assessed_on,
        "references": ", ".join(assessment.projects.order_by("reference").values_list("reference", flat=True)),
    }
    for score in assessment.scores.all():
        told |= {f"{score.dimension}_score": score.value, f"{score.dimension}_evidence": score.evidence}
    return told
