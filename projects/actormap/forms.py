"""What is typed on the map of actors: where an organisation stands, and what ties two of them."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.french import typo
from cooperation.shared import SharedForm
from projects.actormap.rules import MOST, Bond
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project

OUT_OF_FOUR: dict[str, Any] = {"min_value": 0, "max_value": MOST, "required": False}
MARKS = dict.fromkeys(("min_value", "max_value", "invalid"), "Notez par un nombre entier, de 0 à 4.")
EXPLAINED = (
    (Bond.FINANCING, "Un financement : la première apporte de l’argent à la seconde"),
    (Bond.AGREEMENT, "Une convention : un accord écrit les lie"),
    (Bond.HABIT, "Une habitude : elles travaillent ensemble depuis longtemps"),
    (Bond.TENSION, "Une tension : quelque chose ne va pas entre elles"),
)


class WeightForm(SharedForm, forms.Form):
    """Where an organisation stands on the grid."""

    influence = forms.IntegerField(label="Influence sur le projet, de 0 à 4", error_messages=MARKS, **OUT_OF_FOUR)
    concern = forms.IntegerField(label="Intérêt pour le projet, de 0 à 4", error_messages=MARKS, **OUT_OF_FOUR)

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        kwargs |= {"initial": {"influence": actor.influence, "concern": actor.concern}}
        super().__init__(*args, auto_id=f"situer-{actor.pk}-%s", **kwargs)
        self.actor = actor


class LinkForm(forms.Form):
    """Two organisations of the project, and what goes from the first to the second."""

    source = forms.ModelChoiceField(
        Actor.objects.none(),
        label="De quelle organisation part le lien ?",
        empty_label="Choisissez…",
        help_text="Celle qui finance, qui propose, qui demande.",
        error_messages={"required": "Choisissez l’organisation d’où part le lien."},
    )
    kind = forms.ChoiceField(
        label="Qu’est-ce qui les lie ?",
        choices=[(bond, typo(words)) for bond, words in EXPLAINED],
        widget=forms.RadioSelect,
        help_text="Une tension n’est lue que par l’équipe de pilotage : la coordination, l’auteur, l’élu·e référent·e.",
        error_messages={"required": "Choisissez ce qui les lie."},
    )
    target = forms.ModelChoiceField(
        Actor.objects.none(),
        label="Vers quelle organisation ?",
        empty_label="Choisissez…",
        error_messages={"required": "Choisissez l’organisation vers laquelle va le lien."},
    )
    note = forms.CharField(
        label="En quelques mots",
        max_length=300,
        required=False,
        help_text="Parlez des organisations, jamais d’une personne.",
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="lien-%s", **kwargs)
        for name in ("source", "target"):
            self.fields[name].queryset = project.actors.order_by("position", "pk")
