"""What a person types to regroup, copy or split projects."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.texts import REASON, AreaField
from projects.lineage.services import ITSELF, MOST_PARTS, why_it_cannot_take_over
from projects.proposals.choosing import ProjectChoice
from projects.proposals.models import Project
from projects.proposals.states import BEFORE_ADMISSIBILITY, GIVEN_UP, Status


class SurvivorChoice(ProjectChoice):
    """The project that goes on: whoever names the one that stops is told that it is the same."""

    stopping: Project

    def refusal(self, words: str, rows: list[Project]) -> str:
        if not rows and ProjectChoice(Project.objects.filter(pk=self.stopping.pk)).finds(words):
            return ITSELF
        return super().refusal(words, rows)


class SurvivorForm(forms.Form):
    """Which project goes on: one that the person sees, alive and admissible."""

    avec = SurvivorChoice(Project.objects.none(), label="Le projet qui continue")

    def __init__(self, *args: Any, project: Project, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        visible = Project.objects.visible_to(person).filter(intercommunality_id=project.intercommunality_id)
        alive = visible.exclude(status__in=[*GIVEN_UP, *BEFORE_ADMISSIBILITY, Status.DRAFT]).exclude(pk=project.pk)
        self.project = project
        self.fields["avec"].queryset = alive
        self.fields["avec"].stopping = project

    def clean_avec(self) -> Project:
        survivor = self.cleaned_data["avec"]
        if fault := why_it_cannot_take_over(survivor, self.project):
            raise forms.ValidationError(fault)
        return survivor


class ReasonForm(forms.Form):
    reason = AreaField(
        label="Pourquoi ces projets sont regroupés",
        max_length=REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Le motif reste dans le parcours des deux projets.",
    )


class CopyForm(forms.Form):
    title = forms.CharField(label="Titre du nouveau projet", max_length=200)


class SplitForm(forms.Form):
    titles = AreaField(
        label="Les titres des nouveaux projets, un par ligne",
        max_length=MOST_PARTS * 201,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=f"Jusqu’à {MOST_PARTS} titres.",
    )
    reason = AreaField(
        label="Pourquoi le projet est divisé", max_length=REASON, widget=forms.Textarea(attrs={"rows": 3})
    )

    def clean_titles(self) -> list[str]:
        titles = [line.strip() for line in self.cleaned_data["titles"].splitlines() if line.strip()]
        if not 1 <= len(titles) <= MOST_PARTS:
            raise forms.ValidationError(f"Écrivez de 1 à {MOST_PARTS} titres, un par ligne.")
        if any(len(title) > 200 for title in titles):
            raise forms.ValidationError("Un titre tient en 200 caractères.")
        return titles
