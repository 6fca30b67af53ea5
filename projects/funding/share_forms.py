"""What a person types to split the money of a project: parts by objective, a key between communes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max

from cooperation.forms import FrenchDecimalField, as_options
from cooperation.shared import SharedForm
from projects.funding.share_models import ChargeKey
from projects.funding.share_reading import served_by
from projects.proposals.models import Project
from projects.strategy.models import StrategyNode
from territories.places.models import Commune


class PercentField(FrenchDecimalField):
    """A part out of a hundred, with two digits after the comma."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "min_value": 0, "max_value": 100, "max_digits": 5, **kwargs})


class ObjectiveSharesForm(SharedForm, forms.Form):
    """A part for each objective that the project serves, one more if need be, and which one is the main one."""

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.served = served_by(project)
        shares = {row.node_id: row.percent for row in project.objective_shares.all()}
        for rank, node in enumerate(self.served):
            self.fields[f"part_{node.pk}"] = PercentField(
                label=f"{node}, en %", initial=shares.get(node.pk, Decimal(0 if rank or shares else 100))
            )
        nodes = StrategyNode.objects.filter(intercommunality_id=project.intercommunality_id, plan__is_current=True)
        deepest = nodes.aggregate(level=Max("level"))["level"]
        offered = nodes.filter(level=deepest).exclude(pk__in=[node.pk for node in self.served]).order_by("code")
        self.fields["added"] = forms.ModelChoiceField(
            offered, label="Ajouter un objectif", required=False, empty_label="Aucun"
        )
        self.fields["added_part"] = PercentField(label="Sa part, en %")
        if self.served:
            self.fields["main"] = forms.ChoiceField(
                label="Objectif principal",
                choices=[(str(node.pk), str(node)) for node in self.served],
                initial=str(self.served[0].pk),
                widget=forms.RadioSelect,
                help_text="La fiche du projet est rangée sous cet objectif.",
            )
            self.fields["removed"] = forms.MultipleChoiceField(
                label="Objectifs que le projet ne sert plus",
                choices=[(str(node.pk), str(node)) for node in self.served],
                required=False,
                widget=forms.CheckboxSelectMultiple,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        removed = set(data.get("removed", []))
        percents = {
            node: data.get(f"part_{node.pk}") or Decimal(0) for node in self.served if str(node.pk) not in removed
        }
        if data.get("added"):
            percents[data["added"]] = data.get("added_part") or Decimal(0)
        elif data.get("added_part"):
            self.add_error("added", "Choisissez l’objectif qui reçoit cette part.")
        if not percents:
            raise ValidationError("Gardez ou ajoutez au moins un objectif.")
        main = next((node for node in percents if str(node.pk) == data.get("main")), next(iter(percents)))
        return data | {"percents": percents, "main_node": main}


class ChargeKeyForm(SharedForm, forms.Form):
    """How what remains to the owner is shared between the communes; percentages serve only by hand."""

    method = forms.ChoiceField(
        label="Répartition",
        required=False,
        choices=as_options([("", "ne pas répartir"), *ChargeKey.Method.choices]),
        widget=forms.RadioSelect,
    )

    def __init__(self, *args: Any, project: Project, communes: list[Commune], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        key = ChargeKey.objects.filter(project=project).prefetch_related("percents").first()
        self.fields["method"].initial = key.method if key else ""
        said = {row.commune_id: row.percent for row in key.percents.all()} if key else {}
        self.communes = communes
        for commune in communes:
            self.fields[f"part_{commune.pk}"] = PercentField(label=f"{commune}, en %", initial=said.get(commune.pk))

    def percent_fields(self) -> list[forms.BoundField]:
        return [self[f"part_{commune.pk}"] for commune in self.communes]

    def percents(self) -> dict[Commune, Decimal]:
        return {commune: self.cleaned_data.get(f"part_{commune.pk}") or Decimal(0) for commune in self.communes}
