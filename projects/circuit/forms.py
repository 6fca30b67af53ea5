"""What the coordination writes of the path of a project: the nature of the decision, why a step is passed over."""

from __future__ import annotations

from django import forms
from django.utils.text import capfirst

from cooperation.shared import SharedForm
from cooperation.texts import NOTE, AreaField
from partners.governance import rules
from projects.circuit.models import Nature


class NatureForm(SharedForm, forms.ModelForm):
    """The matters that may be delegated come first; the others stay with the conseil."""

    class Meta:
        model = Nature
        fields = ("matter",)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["matter"].help_text = (
            "Elle dit qui peut décider : le conseil garde certaines matières, et délègue les autres ou non (CGCT, art. "
            "L. 5211-10)."
        )
        self.fields["matter"].choices = [
            ("", "Choisissez"),
            ("Peut être déléguée", [(code, capfirst(label)) for code, label in rules.DELEGATED.items()]),
            ("Reste au conseil", [(code, capfirst(label)) for code, label in rules.NEVER_DELEGATED.items()]),
        ]


class DepartureForm(forms.Form):
    reason = AreaField(
        label="Pourquoi on se passe de cette étape",
        max_length=NOTE,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Ce motif reste dans l’histoire du projet, avec votre nom et la date.",
    )
