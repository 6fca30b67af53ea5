"""What a coordinator may type while instructing a project."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import Max, Q

from cooperation.shared import SharedForm
from cooperation.texts import REASON, TEXT, AreaField
from projects.proposals.models import OrientationFit, Project
from projects.proposals.states import LegalGround, Status
from projects.strategy.models import Orientation, StrategyNode
from territories.levers.models import SharedService

QUEUE = (Status.SUBMITTED, Status.TO_COMPLETE, Status.UNDER_REVIEW, Status.DEFERRED, Status.ON_AGENDA)


class QueueFilter(forms.Form):
    """Which part of the queue."""

    statut = forms.ChoiceField(
        label="État", required=False, choices=[("", "Tous"), *((state.value, state.label) for state in QUEUE)]
    )


class VerdictForm(forms.Form):
    """One of the three answers to a submission."""

    name = forms.ChoiceField(label="Suite donnée", widget=forms.RadioSelect)
    reason = AreaField(
        label="Motif",
        max_length=REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Obligatoire pour demander un complément ou déclarer non recevable : la personne le lira.",
    )

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].choices = choices


class GroundForm(SharedForm, forms.Form):
    """What the coordinator states of the project, beside what the rules of law find."""

    ground = forms.ChoiceField(
        label="Ce que vous constatez à la lecture du projet",
        required=False,
        choices=[("", "Je n’en dis rien pour l’instant"), *LegalGround.choices],
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, initial={"ground": project.legal_ground}, **kwargs)


class FitForm(SharedForm, forms.Form):
    """How far the project answers each orientation of the mandate; one pair of fields per orientation."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fits = [("", "Sans rapport"), *((fit, words.capitalize()) for fit, words in OrientationFit.Fit.choices)]
        given = {fit.orientation_id: fit for fit in project.orientation_fits.all()}
        mine = Orientation.objects.filter(intercommunality_id=project.intercommunality_id).select_related("mandate")
        self.orientations = list(mine.order_by("-mandate__starts_on", "position", "code"))
        for orientation in self.orientations:
            fit = given.get(orientation.pk)
            self.fields[f"fit_{orientation.pk}"] = forms.ChoiceField(
                label=str(orientation),
                required=False,
                choices=fits,
                initial=fit.fit if fit else "",
            )
            self.fields[f"note_{orientation.pk}"] = forms.CharField(
                label=f"Réserve sur {orientation.code}",
                required=False,
                max_length=300,
                initial=fit.note if fit else "",
            )
        self.fields["none_fits"] = forms.BooleanField(
            label="Le projet ne relève d’aucune orientation", required=False, initial=project.fits_no_orientation
        )
        self.fields["statement"] = AreaField(
            label="Appréciation au regard des orientations",
            max_length=TEXT,
            required=False,
            widget=forms.Textarea(attrs={"rows": 4}),
            initial=project.orientation_statement,
        )

    def pairs(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """For each orientation, how far and with what reserve, side by side."""
        return [(self[f"fit_{o.pk}"], self[f"note_{o.pk}"]) for o in self.orientations]

    def conclusion(self) -> list[forms.BoundField]:
        return [self["none_fits"], self["statement"]]

    def fits(self) -> list[tuple[Orientation, str, str]]:
        data = self.cleaned_data
        return [(o, data[f"fit_{o.pk}"], data[f"note_{o.pk}"]) for o in self.orientations if data[f"fit_{o.pk}"]]


class OpinionForm(SharedForm, forms.Form):
    """The objectives of the plan, at its deepest level, and what the services advise."""

    objectives = forms.ModelMultipleChoiceField(
        StrategyNode.objects.none(),
        label="Objectifs du projet de territoire",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    shared_services = forms.ModelMultipleChoiceField(
        SharedService.objects.none(),
        label="Services mutualisés qui servent le projet",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    recommendation = AreaField(
        label="Avis des services", max_length=TEXT, required=False, widget=forms.Textarea(attrs={"rows": 6})
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "objectives": [node.pk for node in project.objectives.all()],
            "shared_services": [service.pk for service in project.shared_services.all()],
            "recommendation": project.recommendation,
        }
        super().__init__(*args, **kwargs)
        nodes = StrategyNode.objects.filter(
            intercommunality_id=project.intercommunality_id, plan__is_current=True
        ).select_related("plan")
        deepest = nodes.aggregate(level=Max("level"))["level"]
        # What the project already answers stays on offer, wherever it stands: saving the sheet unties nothing.
        offered = nodes.filter(Q(level=deepest) | Q(pk__in=kwargs["initial"]["objectives"]))
        self.fields["objectives"].queryset = offered.order_by("code")
        mine = SharedService.objects.filter(intercommunality_id=project.intercommunality_id)
        self.fields["shared_services"].queryset = mine
        if not mine:
            del self.fields["shared_services"]
