"""What a person types in a debate, and the file they hand over."""

from __future__ import annotations

from typing import Any

from django import forms

from cooperation.french import number, typo
from cooperation.texts import AreaField
from projects.debate.inspection import ACCEPTED, KINDS, SIZE_LIMIT
from projects.debate.models import TEXT_LIMIT, Contribution
from projects.debate.rules import MEGABYTE
from projects.debate.services import receive
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from territories.places.models import Commune

K = Contribution.Kind
WORDED = (
    (K.TESTIMONY, typo("Un vécu : ce que vous vivez, ou ce que l’on vous raconte")),
    (K.QUESTION, "Une question"),
    (K.SUGGESTION, "Une suggestion"),
    (K.RESERVATION, typo("Une réserve : ce qui vous retient")),
)
ANSWERS = ((K.ANSWER, "Une réponse"), *WORDED)


def text_field(label: str) -> forms.CharField:
    return AreaField(
        label=label,
        max_length=TEXT_LIMIT,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=f"Texte simple, {number(TEXT_LIMIT)} signes au plus. Parlez d’une situation ou d’un service, "
        "jamais d’une personne reconnaissable.",
        error_messages={"required": "Écrivez votre contribution."},
    )


class WordsForm(forms.Form):
    """The words, and what they speak of."""

    text = text_field("Ce que vous voulez dire")
    service = forms.CharField(label="Service", max_length=200, required=False, help_text="Par exemple : la cantine.")
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", required=False, empty_label="Aucune")
    public = forms.CharField(
        label="Personnes concernées", max_length=200, required=False, help_text="Par exemple : familles, aînés."
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = Commune.objects.filter(intercommunality=project.intercommunality_id)


class ContributionForm(WordsForm):
    """A contribution: of which kind, in whose name, and to whom it speaks."""

    kind = forms.ChoiceField(label="Vous apportez", choices=WORDED, widget=forms.RadioSelect)
    organisation = forms.ChoiceField(label="Au nom de")
    mentions = forms.ModelMultipleChoiceField(
        Actor.objects.none(), label="Acteurs cités", required=False, widget=forms.CheckboxSelectMultiple
    )
    field_order = ("kind", "text", "service", "commune", "public", "mentions", "organisation")

    def __init__(self, *args: Any, project: Project, voices: list[str], is_reply: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, project=project, **kwargs)
        self.fields["organisation"].choices = [(voice, voice) for voice in voices]
        self.fields["mentions"].queryset = project.actors.all()
        self.fields["kind"].initial = K.ANSWER if is_reply else K.TESTIMONY
        if is_reply:
            self.fields["kind"].choices = ANSWERS


class HideForm(forms.Form):
    reason = AreaField(
        label="Motif",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Il reste lisible par tous à la place du texte : dites ce qui n’allait pas, sans le répéter.",
        error_messages={"required": "Écrivez le motif : il reste lisible à la place du texte."},
    )


class UploadField(forms.FileField):
    """A file that was looked into: its content decides, its name does not."""

    def __init__(self) -> None:
        extensions = ",".join(extension for kind in KINDS.values() for extension in kind.extensions)
        super().__init__(
            label="Fichier",
            max_length=255,
            widget=forms.FileInput(attrs={"accept": extensions}),
            help_text=f"{ACCEPTED} ; {SIZE_LIMIT // MEGABYTE} Mo au plus, sans macro ni mot de passe.",
            error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        return receive(super().clean(data, initial))


class DocumentForm(forms.Form):
    title = forms.CharField(
        label="Titre", max_length=150, required=False, help_text="Sans titre, le nom du fichier sert de titre."
    )
    upload = UploadField()


class VersionForm(forms.Form):
    upload = UploadField()
