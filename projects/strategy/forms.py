"""What may be typed about the strategy: the plan, its levels, its parts, the mandate and its orientations."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from cooperation.forms import DayInput
from cooperation.shared import SharedForm
from projects.strategy.models import Mandate, Orientation, StrategyNode, TerritorialPlan

MAX_LEVELS = 4


def day() -> forms.DateInput:
    return DayInput()


class PlanForm(SharedForm, forms.ModelForm):
    class Meta:
        model = TerritorialPlan
        fields = ("title", "horizon", "adopted_on", "updated_on", "foreword")
        widgets = {"adopted_on": day(), "updated_on": day(), "foreword": forms.Textarea(attrs={"rows": 6})}
        help_texts = {"horizon": "L’année à laquelle le projet se termine, par exemple 2032."}


class MandateForm(SharedForm, forms.ModelForm):
    class Meta:
        model = Mandate
        fields = ("name", "starts_on", "ends_on", "source")
        widgets = {"starts_on": day(), "ends_on": day()}
        help_texts = {"source": "La délibération qui a adopté les orientations."}


class NodeForm(SharedForm, forms.ModelForm):
    class Meta:
        model = StrategyNode
        fields = ("code", "title", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}


class OrientationForm(SharedForm, forms.ModelForm):
    class Meta:
        model = Orientation
        fields = ("code", "title", "description")
        widgets = {"description": forms.Textarea(attrs={"rows": 4})}


class LevelsForm(SharedForm, forms.Form):
    """The EPCI's own words for the levels of its plan; an empty line means one level less."""

    def __init__(self, *args: Any, plan: TerritorialPlan, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MAX_LEVELS + 1):
            self.fields[f"level_{number}"] = forms.CharField(
                label=f"Niveau {number}",
                max_length=40,
                required=number == 1,
                initial=plan.level_labels[number - 1] if number <= plan.depth else "",
            )

    def clean(self) -> dict[str, Any]:
        typed = [self.cleaned_data.get(f"level_{number}", "").strip() for number in range(1, MAX_LEVELS + 1)]
        labels = [label for label in typed if label]
        if typed[: len(labels)] != labels:
            raise ValidationError("Nommez les niveaux du premier au dernier, sans en sauter.")
        return {**self.cleaned_data, "labels": labels}
