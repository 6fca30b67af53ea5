"""What is typed about interests: an actor's own words, and how two of them meet."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.french import typo
from cooperation.shared import SharedForm
from projects.convergence.rules import LinkKind
from projects.proposals.actor_models import Interest

WORDS = forms.Textarea(attrs={"rows": 2})


# Somebody who speaks for the actor reads « vous »; whoever writes for a group named in words, its words.
OF_A_GROUP = {
    "text": "En quoi le projet sert-il cet acteur ?",
    "gains": "Ce qu’il y gagne",
    "gives": "Ce qu’il apporte",
    "fears": "Ce qu’il craint",
    "strength": "Cet intérêt est pour lui",
}


class InterestForm(SharedForm, forms.ModelForm):
    """In the actor's own words; only the first field is required."""

    class Meta:
        model = Interest
        fields = ["text", "gains", "gives", "contribution", "fears", "strength", "stance", "visibility"]
        labels = {
            "text": "En quoi le projet sert-il votre territoire ou votre structure ?",
            "gains": "Ce que vous y gagnez",
            "gives": "Ce que vous apportez",
            "contribution": "Nature de cet apport",
            "fears": "Ce que vous craignez",
            "strength": "Cet intérêt est pour vous",
            "stance": "Va-t-il dans le sens de l’objectif ?",
            "visibility": "Qui peut le lire ?",
        }
        help_texts = {
            "text": "Votre intérêt peut différer de l’objectif partagé : c’est normal, et il vaut mieux le dire."
        }
        widgets = {"text": WORDS, "gains": WORDS, "gives": WORDS, "fears": WORDS}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("contribution", "strength", "stance"):
            self.fields[name].choices = [("", "À préciser"), *self.fields[name].choices[1:]]
        if not self.instance.actor.has_voice:
            for name, label in OF_A_GROUP.items():
                self.fields[name].label = label
            self.fields["text"].help_text = "Son intérêt à lui : il peut être différent de l’objectif partagé."
        self.fields["visibility"].choices = list(Interest.told_readers().items())


def told_of(interest: Interest) -> str:
    """An interest in a list to choose from."""
    return typo(f"{interest.actor.name} : {interest.text[:80]}")


class LinkForm(forms.Form):
    """Two interests, and how they stand to one another."""

    one = forms.ModelChoiceField(Interest.objects.none(), label="Un intérêt", empty_label="Choisissez…")
    other = forms.ModelChoiceField(Interest.objects.none(), label="Un autre intérêt", empty_label="Choisissez…")
    kind = forms.ChoiceField(
        label="Ces deux intérêts sont",
        choices=[("", "Choisissez…"), *((kind.value, f"{kind.label}s") for kind in LinkKind)],
    )
    note = forms.CharField(label="Pourquoi", max_length=300, required=False)

    def __init__(self, *args: Any, interests: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one", "other"):
            self.fields[name].queryset = interests
            self.fields[name].label_from_instance = told_of
