"""What is typed to plan a stage or a meeting, to call it off, to write what was said, and to find it again."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils import timezone

from cooperation.forms import DayInput
from cooperation.french import MONTHS
from cooperation.shared import SharedForm
from cooperation.texts import PAGES, AreaField
from partners.directory.choosing import PartnerChoice
from partners.directory.models import Partner
from partners.people.access import scope_of
from partners.people.choosing import PersonChoice, offer_whom
from partners.people.models import User
from projects.calendar.models import Meeting
from projects.proposals.choosing import ProjectChoice
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.word_models import Held, Word
from projects.strategy.models import Orientation, StrategyNode
from projects.strategy.tree import current_mandate, current_plan
from territories.places.models import Commune, Intercommunality

HALF_A_YEAR = timedelta(days=183)


class MilestoneForm(forms.Form):
    """A new stage, and the days that are planned."""

    label = forms.CharField(label="Étape", max_length=200, error_messages={"required": "Nommez l’étape."})
    planned_start = forms.DateField(label="Début prévu", widget=DayInput)
    planned_end = forms.DateField(label="Fin prévue", widget=DayInput)


class MilestoneChangeForm(SharedForm, MilestoneForm):
    """The same, with the days as they came."""

    actual_start = forms.DateField(label="Début réel", widget=DayInput, required=False)
    actual_end = forms.DateField(label="Fin réelle", widget=DayInput, required=False)


class MeetingForm(SharedForm, forms.Form):
    """What a meeting is about, when and where it is held, and who comes."""

    label = forms.CharField(
        label="Objet de la réunion", max_length=200, error_messages={"required": "Dites l’objet de la réunion."}
    )
    day = forms.DateField(label="Jour", widget=DayInput)
    starts = forms.TimeField(label="De", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    ends = forms.TimeField(label="À", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    format = forms.ChoiceField(label="Forme", choices=Meeting.Format, initial=Meeting.Format.IN_PERSON)
    place = forms.CharField(
        label="Lieu", max_length=200, required=False, help_text="Par exemple « salle du conseil, mairie »."
    )
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", required=False, empty_label="Aucune")
    participants = AreaField(
        label="Participants",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Des fonctions ou des services plutôt que des noms, quand cela suffit.",
    )

    def __init__(self, *args: Any, epci: Intercommunality, meeting: Meeting | None = None, **kwargs: Any) -> None:
        if meeting is not None:
            start, end = timezone.localtime(meeting.starts_at), timezone.localtime(meeting.ends_at)
            kwargs["initial"] = {"day": start.date(), "starts": start.time(), "ends": end.time()} | {
                name: getattr(meeting, name) for name in ("label", "format", "place", "commune", "participants")
            }
        super().__init__(*args, **kwargs)
        self.fields["commune"].queryset = Commune.objects.filter(intercommunality=epci)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("starts") and data.get("ends") and data["ends"] <= data["starts"]:
            self.add_error("ends", "La réunion finit après avoir commencé.")
        if data.get("format") != Meeting.Format.REMOTE and not (data.get("place") or "").strip():
            self.add_error("place", "Dites où l’on se réunit.")
        return data

    def said(self) -> dict[str, Any]:
        """What the verb is given: the two moments instead of a day and two hours."""
        data = dict(self.cleaned_data)
        day, starts, ends = data.pop("day"), data.pop("starts"), data.pop("ends")
        here = timezone.get_current_timezone()
        moments = (datetime.combine(day, at, tzinfo=here) for at in (starts, ends))
        return data | dict(zip(("starts_at", "ends_at"), moments, strict=True))


class NewMeetingForm(MeetingForm):
    """The same, about one of the projects that the person plans, or about the territory for the coordination."""

    project = ProjectChoice(Project.objects.none(), label="Projet", required=False)
    invites_actors = forms.BooleanField(
        label="Prévenir ceux qui prennent part au projet",
        required=False,
        initial=True,
        help_text="L’auteur, l’élu·e référent·e, les communes et les partenaires inscrits parmi ses acteurs. "
        "Une réunion du territoire n’invite personne d’elle-même : vous choisirez ensuite.",
    )

    field_order = ["label", "project"]

    def __init__(self, *args: Any, epci: Intercommunality, user: User, **kwargs: Any) -> None:
        super().__init__(*args, epci=epci, **kwargs)
        coordinates = scope_of(user).may("review_projects", epci.pk)
        mine = Project.objects.visible_to(user) if coordinates else Project.objects.filter(author=user)
        self.fields["project"].queryset = mine.of(epci)
        self.fields["project"].required = not coordinates
        if coordinates:
            everywhere = "Laissez vide si la réunion concerne tout le territoire."
            self.fields["project"].help_text = f"{ProjectChoice.how} {everywhere}"

    def is_new(self) -> bool:
        return True


class GuestForm(forms.Form):
    """Who else is expected: a person, those who act for a commune, those who act for a partner."""

    person = PersonChoice(User.objects.none(), label="Une personne", required=False)
    commune = forms.ModelChoiceField(
        Commune.objects.none(),
        label="Une commune",
        required=False,
        empty_label="Aucune",
        help_text="Ses élu·es et ses agents qui ont un compte.",
    )
    partner = PartnerChoice(
        Partner.objects.none(),
        label="Un partenaire",
        required=False,
        help_text=f"{PartnerChoice.how} Ses personnes relais seront prévenues.",
    )

    def __init__(self, *args: Any, meeting: Meeting, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offer_whom(self, meeting.intercommunality_id, today)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and not any(data.get(name) for name in self.fields):
            raise forms.ValidationError("Dites qui vous invitez.")
        return data


class CancelForm(forms.Form):
    reason = AreaField(
        label="Pourquoi elle est annulée",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Dites pourquoi la réunion est annulée."},
    )


class MinutesForm(SharedForm, forms.Form):
    minutes = AreaField(
        label="Ce qui a été dit et convenu",
        max_length=PAGES,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Écrivez le compte rendu."},
    )


class ProjectsFilter(forms.Form):
    """Whose meetings and stages: words of the project, an orientation of the mandate, an element of the strategy."""

    q = forms.CharField(label="Mots du projet", required=False, max_length=100)
    orientation = forms.ModelChoiceField(
        Orientation.objects.none(), label="Orientation", required=False, empty_label="Toutes"
    )
    element = forms.ModelChoiceField(
        StrategyNode.objects.none(), label="Projet de territoire", required=False, empty_label="Tout"
    )
    field_order = ["q", "orientation", "element"]

    def __init__(self, *args: Any, epci: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filtre_%s", **kwargs)
        self.epci = epci
        self.fields["orientation"].queryset = Orientation.objects.filter(mandate=current_mandate(epci))
        nodes = StrategyNode.objects.filter(plan=current_plan(epci)).select_related("plan")
        self.fields["element"].queryset = nodes.order_by("code")
        self.fields["element"].label_from_instance = lambda node: f"{node.level_label} {node}"

    def narrow(self, projects: ProjectQuerySet, *, each: bool = False) -> ProjectQuerySet | None:
        """The projects asked for among these; None when nothing was asked."""
        said = self.cleaned_data
        words, orientation, element = (said.get(name) for name in ("q", "orientation", "element"))
        if not (words or orientation or element):
            return None
        if words:
            projects = projects.matching(words, self.epci, each=each, held=self.held)
        if orientation:
            projects = projects.judged_by(orientation)
        return projects.serving(element) if element else projects

    @cached_property
    def held(self) -> Held:
        """The words asked for as projects say them: looked for once, whichever way projects are then read."""
        return Word.objects.held(self.cleaned_data.get("q", ""), self.epci)

    def query_without(self, *left: str) -> str:
        """What is in force as it stands in the address bar, some of it left out."""
        in_force = (name for name in self.fields if name not in left and self.cleaned_data.get(name))
        return urlencode({name: self.data[name] for name in in_force})


class CalendarFilter(ProjectsFilter):
    """The same, from today on or in one month."""

    mois = forms.ChoiceField(label="Mois", required=False)
    field_order = ["mois", *ProjectsFilter.field_order]
    first_choices: tuple[tuple[str, str], ...] = (("", "À partir d’aujourd’hui"),)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [divmod(today.year * 12 + today.month - 1 + step, 12) for step in range(-12, 19)]
        named = [(f"{year}-{month + 1:02}", f"{MONTHS[month].capitalize()} {year}") for year, month in months]
        self.fields["mois"].choices = [*self.first_choices, *named]
        self.is_valid()

    def month(self) -> tuple[date, date] | None:
        """The first and the last day of the month asked for."""
        asked = self.cleaned_data.get("mois") or ""
        if not asked[:1].isdigit():
            return None
        first = date.fromisoformat(f"{asked}-01")
        return first, first.replace(day=monthrange(first.year, first.month)[1])


class StagesFilter(CalendarFilter):
    """Stages may also be looked for because they are late."""

    LATE = "retard"
    first_choices = (*CalendarFilter.first_choices, (LATE, "En retard"))


class PlacesFilter(ProjectsFilter):
    """The period over which meetings are counted by commune."""

    periode = forms.ChoiceField(label="Période", required=False)
    field_order = ["periode", *ProjectsFilter.field_order]

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        years = [(str(year), f"Année {year}") for year in range(today.year + 1, today.year - 4, -1)]
        self.fields["periode"].choices = [("", "Un an, autour d’aujourd’hui"), *years]
        self.today = today
        self.is_valid()

    def days(self) -> tuple[date, date]:
        """The first and the last day of the period; six months back and six months ahead by default."""
        if year := self.cleaned_data.get("periode"):
            return date(int(year), 1, 1), date(int(year), 12, 31)
        return self.today - HALF_A_YEAR, self.today + HALF_A_YEAR
