"""What an author types, step by step. Nothing is compulsory while writing: what is missing is said, never imposed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models.functions import Coalesce

from cooperation.alphabetical import Alphabetical
from cooperation.forms import DayInput, FrenchDecimalField
from cooperation.shared import SharedForm
from cooperation.texts import NOTE, AreaField
from partners.directory.models import Partner, Relay
from projects.proposals import services
from projects.proposals.actor_models import Actor, Interest
from projects.proposals.models import Project
from projects.proposals.places import EPCI, EXPLAINED, WORDS, Place, who_of
from territories.places.models import Intercommunality


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class NeedForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ["title", "need", "shared_objective", "service", "beneficiaries"]
        labels = {
            "title": "Titre du projet",
            "need": "Que se passe-t-il aujourd’hui ?",
            "shared_objective": "Que voulez-vous changer ensemble ?",
            "service": "Quel service est rendu ?",
            "beneficiaries": "Qui en bénéficie ?",
        }
        help_texts = {
            "title": "Court et concret, par exemple « Micro-crèche de Vaudreline ».",
            "need": "Le constat, avec un chiffre si vous en avez un.",
            "shared_objective": "Une seule phrase que tous les acteurs pourraient signer.",
            "beneficiaries": "Des personnes réelles : familles, aînés, artisans, élèves.",
        }
        widgets = {"need": area(5), "shared_objective": area(3)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if services.is_endorsed(self.instance):
            self.fields["why"] = forms.CharField(
                label="Si vous changez l’objectif, dites pourquoi",
                help_text="Des acteurs ont déjà répondu : un nouveau texte leur est de nouveau soumis, avec ce motif.",
                max_length=300,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if "why" in self.fields and "shared_objective" in self.changed_data and not data.get("why"):
            self.add_error("why", "Dites pourquoi l’objectif change : les acteurs qui ont répondu le liront.")
            self.add_error("shared_objective", "Ce nouveau texte attend son motif, écrit plus bas.")
        return data


class PlaceForm(forms.ModelForm):
    class Meta:
        model = Project
        fields = ["scale", "communes", "communes_text", "competences", "no_competence_reason"]
        labels = {
            "scale": "À quelle échelle ?",
            "communes": "Quelles communes ?",
            "communes_text": "Une précision sur le périmètre",
            "competences": "Sous quelle compétence ?",
            "no_competence_reason": "Aucune ne convient ? Dites pourquoi",
        }
        help_texts = {"competences": "Les compétences dites « optionnelles » s’appellent aujourd’hui supplémentaires."}
        widgets = {
            "scale": forms.RadioSelect,
            "communes": forms.CheckboxSelectMultiple,
            "competences": forms.CheckboxSelectMultiple,
            "no_competence_reason": area(2),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        epci = self.instance.intercommunality
        self.fields["communes"].queryset = epci.communes.all()
        self.fields["competences"].queryset = epci.competences.all()
        self.fields["competences"].label_from_instance = lambda c: f"{c.label} ({c.get_category_display()})"
        self.fields["scale"].choices = Project.Scale.choices


class MeansForm(forms.ModelForm):
    # As people write it: a browser in another language would turn « 0,5 » into 5 without a word.
    full_time_equivalents = FrenchDecimalField(
        label="Temps de travail, en équivalents temps plein",
        help_text="Une personne à mi-temps compte pour 0,5.",
        example="0,5",
        required=False,
        min_value=0,
        max_digits=5,
        decimal_places=1,
    )

    class Meta:
        model = Project
        fields = ["owner_kind", "owner_name", "starts_on", "ends_on", "full_time_equivalents", "resources"]
        labels = {
            "owner_kind": "Qui serait maître d’ouvrage ?",
            "owner_name": "Son nom",
            "starts_on": "Début souhaité",
            "ends_on": "Fin prévue",
            "resources": "Quels moyens humains et techniques ?",
        }
        widgets = {"starts_on": DayInput(), "ends_on": DayInput(), "resources": area(4)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner_kind"].choices = [("", "Choisissez…"), *Project.OwnerKind.choices]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if (start := data.get("starts_on")) and (end := data.get("ends_on")) and end < start:
            self.add_error("ends_on", "La fin prévue précède le début : corrigez l’une des deux dates.")
        return data


ITS_WORDS = ("interest", "gives", "fears", "stance")
HAS_SPOKEN = "Cet acteur s’est exprimé lui-même : son nom et ses mots ne se changent plus ici."


class ActorForm(SharedForm, forms.ModelForm):
    """One actor: who it is, what part it takes, who answers there, and what it wants for itself."""

    who = forms.ChoiceField(label="Qui est-ce ?")
    places = forms.MultipleChoiceField(
        label="Quelle est sa place ? Une, ou plusieurs",
        choices=list(EXPLAINED.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    interest = AreaField(
        label="En quoi le projet sert-il cet acteur ?",
        help_text="Son intérêt à lui : il peut être différent de l’objectif partagé, et c’est normal.",
        widget=area(2),
        required=False,
        max_length=NOTE,
    )
    gives = forms.CharField(label="Ce qu’il apporte", required=False, max_length=500)
    fears = forms.CharField(label="Ce qu’il craint", required=False, max_length=500)
    stance = forms.ChoiceField(
        label="Cet intérêt va-t-il dans le sens de l’objectif ?",
        choices=[("", "Je ne sais pas"), *Interest.Stance.choices],
        required=False,
    )

    class Meta:
        model = Actor
        fields = [
            "who", "name", "places", "leads", "relay", "relay_to_be_found", "interest", "gives", "fears", "stance",
        ]  # fmt: skip
        labels = {
            "name": "Son nom, s’il n’est pas dans la liste",
            "leads": "C’est lui qui porte le projet (un seul acteur le porte)",
            "relay": "Personne relais",
            "relay_to_be_found": "La personne relais reste à trouver",
        }
        help_texts = {"name": "Par exemple « Assistantes maternelles » ou « Commerçants du bourg »."}

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.project = project
        epci = project.intercommunality
        self.fields["who"].choices = structures_of(epci)
        self.fields["name"].required = False
        relays = Relay.objects.known().filter(intercommunality=epci)
        by_structure = Alphabetical(Coalesce("partner__name", "commune__name"))  # as their labels begin
        self.fields["relay"].queryset = relays.select_related("partner", "commune").order_by(
            by_structure, Alphabetical("full_name"), "pk"
        )
        self.fields["relay"].empty_label = "Choisissez…"
        self.fields["relay"].label_from_instance = lambda r: f"{r.partner or r.commune} — {r.full_name}"
        self.has_spoken = self.instance.has_spoken()
        if self.instance.pk:
            self.initial |= self.stored()
        if self.has_spoken:
            for name in ITS_WORDS:
                del self.fields[name]
            self.fields["who"].disabled = self.fields["name"].disabled = True
            self.fields["who"].help_text = HAS_SPOKEN

    def stored(self) -> dict[str, Any]:
        """What the actor already says, as the form shows it."""
        actor, interest = self.instance, self.instance.interests.shared().first()
        who = who_of(actor)
        said = {} if interest is None else {name: getattr(interest, name) for name in ("gives", "fears", "stance")}
        return {"who": who, "places": actor.places, "interest": interest.text if interest else "", **said}

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if self.has_spoken and self.data.get("interest"):
            self.add_error(None, HAS_SPOKEN)  # it spoke while the author was writing
        self.instance.intercommunality_id = self.project.intercommunality_id
        self.instance.project = self.project
        self.set_structure(data.get("who", ""), data.get("name", ""))
        relay = data.get("relay")
        if relay and (relay.partner_id, relay.commune_id) != (self.instance.partner_id, self.instance.commune_id):
            self.add_error("relay", "Cette personne relais travaille pour une autre structure : changez-en.")
        if relay:
            data["relay_to_be_found"] = False
        others = self.project.actors.exclude(pk=self.instance.pk)
        if self.instance.name and others.filter(name__iexact=self.instance.name).exists():
            self.add_error("who", f"« {self.instance.name} » est déjà dans le projet.")
        if data.get("leads") and (leader := others.filter(leads=True).first()):
            self.add_error("leads", f"« {leader.name} » porte déjà le projet : un seul acteur peut le porter.")
        for place in Place:
            setattr(self.instance, place.value, place.value in data.get("places", ()))
        return data

    def set_structure(self, who: str, name: str) -> None:
        """Bind the actor to the structure chosen; the queryset behind the list keeps other EPCIs out."""
        kind, _, pk = who.partition(":")
        actor = self.instance
        actor.commune = self.project.intercommunality.communes.get(pk=pk) if kind == "commune" else None
        actor.partner = self.project.intercommunality.partners.get(pk=pk) if kind == "partner" else None
        actor.is_intercommunality = kind == EPCI
        structure = actor.commune or actor.partner or (self.project.intercommunality if kind == EPCI else None)
        if who == WORDS and not name.strip():
            self.add_error("name", "Écrivez le nom de cet acteur.")
        actor.name = str(structure or name).strip()[:200]
        self.cleaned_data["name"] = actor.name


def structures_of(epci: Intercommunality) -> list[tuple[str, Any]]:
    """Who can be an actor: the EPCI, its communes, its partners, or a group named in words."""
    partners = Partner.objects.listed().filter(intercommunality=epci)
    return [
        ("", "Choisissez…"),
        (EPCI, str(epci)),
        ("Communes", [(f"commune:{commune.pk}", commune.name) for commune in epci.communes.all()]),
        ("Partenaires", [(f"partner:{partner.pk}", partner.name) for partner in partners]),
        (WORDS, "Un autre acteur, que je nomme"),
    ]
