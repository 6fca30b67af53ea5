"""The filters of the portfolio: read from the address bar, shown as chips, applied to what the person may see."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django import forms
from django.db.models import Exists, OuterRef
from django.http import QueryDict
from django.utils import timezone

from projects.effects.reads import without_indicator, without_recent_measure
from projects.followup.reads import HEALTH_CHOICES, of_health
from projects.marks.models import Mark
from projects.proposals.actor_models import Actor
from projects.proposals.places import Place
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import Origin, Status
from projects.strategy.models import Orientation, StrategyNode
from projects.strategy.tree import current_plan
from projects.totals.reads import without_funder, without_sharer
from territories.places.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

EITHER = ("", "Peu importe")
MISSING_CHOICES = {
    "relais": "Une personne relais",
    "partage": "Un acteur qui partage l’objectif",
    "orientation": "Une orientation du mandat",
    "objectif": "Un objectif du projet de territoire",
    "financement": "Un financeur",
    "date": "Une date de début",
    "touche": "Un acteur touché",
    "decide": "Un acteur qui décide",
    "fait": "Un acteur qui fait",
    "paie": "Un acteur qui paie",
    "utilise": "Un acteur qui utilise",
    "indicateur": "Un indicateur",
    "mesure": "Une mesure depuis un an",
}
PLACES = {
    "touche": Place.TOUCHED,
    "decide": Place.DECIDES,
    "fait": Place.DOES,
    "paie": Place.PAYS,
    "utilise": Place.USES,
}


def without(missing: str, found: ProjectQuerySet) -> ProjectQuerySet:
    """Keep the projects that lack something, as holes are what a portfolio is read for."""
    mine = OuterRef("pk")
    match missing:
        case "relais":
            return found.filter(
                Exists(Actor.objects.filter(project=mine, relay__isnull=True, is_intercommunality=False))
            )
        case "partage":
            return without_sharer(found)
        case "orientation":
            return found.filter(orientation_fits__isnull=True, fits_no_orientation=False)
        case "objectif":
            return found.filter(objectives__isnull=True)
        case "financement":
            return without_funder(found)
        case "indicateur":
            return without_indicator(found)
        case "mesure":
            return without_recent_measure(found, timezone.localdate())
        case "date":
            return found.filter(starts_on__isnull=True)
        case place:
            return found.filter(~Exists(Actor.objects.filter(project=mine, **{PLACES[place].value: True})))


# fmt: off
APPLY: dict[str, Callable[[ProjectQuerySet, object], ProjectQuerySet]] = {
    "etat":        lambda found, status: found.filter(status=status),
    "origine":     lambda found, origin: found.filter(origin=origin),
    "orientation": lambda found, orientation: found.judged_by(orientation),
    "element":     lambda found, element: found.serving(element),
    "commune":     lambda found, commune: found.filter(communes=commune),
    "sante":       lambda found, health: of_health(str(health), found, timezone.localdate()),
    "manque":      lambda found, missing: without(str(missing), found),
}
# fmt: on


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the address of the same page without it."""

    name: str
    value: str
    url: str


class PortfolioFilters(forms.Form):
    """Words and choices; a value that means nothing is ignored by the list and told by its field."""

    q = forms.CharField(label="Mots", required=False, max_length=100)
    etat = forms.ChoiceField(label="État", required=False, choices=[("", "Tous"), *Status.choices])
    origine = forms.ChoiceField(label="Origine", required=False, choices=[("", "Toutes"), *Origin.choices])
    orientation = forms.ModelChoiceField(
        Orientation.objects.none(), label="Orientation", required=False, empty_label="Toutes"
    )
    element = forms.ModelChoiceField(
        StrategyNode.objects.none(), label="Projet de territoire", required=False, empty_label="Tout"
    )
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", required=False, empty_label="Toutes")
    sante = forms.ChoiceField(label="Santé", required=False, choices=[("", "Toutes"), *HEALTH_CHOICES])
    manque = forms.ChoiceField(label="Ce qui manque", required=False, choices=[EITHER, *MISSING_CHOICES.items()])

    marque = forms.ChoiceField(label="Vos marques", required=False, choices=[EITHER, ("oui", "Marqués par vous")])

    def __init__(self, data: QueryDict, *, intercommunality: Intercommunality, person: User | None = None) -> None:
        super().__init__(data, auto_id="filtre_%s")
        self.fields["orientation"].queryset = Orientation.objects.filter(intercommunality=intercommunality)
        nodes = StrategyNode.objects.filter(plan=current_plan(intercommunality))
        self.fields["element"].queryset = nodes.select_related("plan").order_by("code")
        self.fields["element"].label_from_instance = lambda node: f"{node.level_label} {node}"
        self.fields["commune"].queryset = Commune.objects.filter(intercommunality=intercommunality)
        self.person, self.intercommunality = person, intercommunality
        if person is None:  # what is private never narrows what several people read
            del self.fields["marque"]
        self.is_valid()

    @property
    def in_force(self) -> dict[str, object]:
        return {name: value for name in self.fields if (value := self.cleaned_data.get(name))}

    def apply(self, projects: ProjectQuerySet) -> ProjectQuerySet:
        for name, value in self.in_force.items():
            if name == "q":
                projects = projects.matching(str(value), self.intercommunality)
            elif name != "marque":
                projects = APPLY[name](projects, value)
        if "marque" in self.in_force:  # the only filter that is read for somebody
            projects = projects.filter(pk__in=Mark.objects.of(self.person).values("project"))
        return projects

    def query(self, *, leaving: str = "") -> str:
        """The filters in force as they stand in the address bar, without one of them."""
        query = QueryDict(mutable=True)
        for name in self.in_force:
            if name != leaving:
                query[name] = self.data[name]
        return query.urlencode()

    def chips(self) -> list[Chip]:
        return [
            Chip(str(self.fields[name].label), self._said(name, value), f"?{self.query(leaving=name)}")
            for name, value in self.in_force.items()
        ]

    def _said(self, name: str, value: object) -> str:
        choices = getattr(self.fields[name], "choices", ())
        return dict(choices)[value] if isinstance(value, str) and name != "q" else str(value)


def listed(projects: ProjectQuerySet) -> ProjectQuerySet:
    """Only what a line of the list shows: long texts stay where they are."""
    return projects.only(
        "reference", "title", "status", "origin", "owner_kind", "owner_name", "updated_at", "intercommunality_id"
    )
