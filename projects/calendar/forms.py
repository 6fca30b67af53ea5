"""What is typed to plan a stage or a meeting, to call it off, to write what was said, and to find it again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from cooperation.forms import DayInput
from cooperation.french import MONTHS
from partners.people.access import scope_of
from partners.people.models import User
from projects.calendar.models import Meeting
from projects.proposals.models import Project
from territories.places.models import Commune, Intercommunality


class MilestoneForm(forms.Form):
    """A new stage, and the days that are planned."""

    label = forms.CharField(label="Étape", max_length=200, error_messages={"required": "Nommez l’étape."})
    planned_start = forms.DateField(label="Début prévu", widget=DayInput)
    planned_end = forms.DateField(label="Fin prévue", widget=DayInput)


class MilestoneChangeForm(MilestoneForm):
    """The same, with the days as they came."""

    actual_start = forms.DateField(label="Début réel", widget=DayInput, required=False)
    actual_end = forms.DateField(label="Fin réelle", widget=DayInput, required=False)


class MeetingForm(forms.Form):
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
    commune = forms.ModelChoiceField(Commune.objects.none(), label="Commune", required=False, empty_label="—")
    participants = forms.CharField(
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

    project = forms.ModelChoiceField(Project.objects.none(), label="Projet", required=False)

    field_order = ["label", "project"]

    def __init__(self, *args: Any, epci: Intercommunality, user: User, **kwargs: Any) -> None:
        super().__init__(*args, epci=epci, **kwargs)
        coordinates = scope_of(user).may("review_projects", epci.pk)
        visible = Project.objects.visible_to(user).of(epci)
        self.fields["project"].queryset = visible if coordinates else visible.filter(author=user)
        self.fields["project"].required = not coordinates
        self.fields["project"].empty_label = "Tout le territoire" if coordinates else "Choisissez un projet"


class CancelForm(forms.Form):
    reason = forms.CharField(
        label="Pourquoi elle est annulée",
        max_length=300,
        error_messages={"required": "Dites pourquoi la réunion est annulée."},
    )


class MinutesForm(forms.Form):
    minutes = forms.CharField(
        label="Ce qui a été dit et convenu",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 12}),
        error_messages={"required": "Écrivez le compte rendu."},
    )


class CalendarFilter(forms.Form):
    """One project, one month."""

    projet = forms.ModelChoiceField(Project.objects.none(), label="Projet", required=False, empty_label="Tous")
    mois = forms.ChoiceField(label="Mois", required=False)

    def __init__(self, *args: Any, epci: Intercommunality, user: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="filtre_%s", **kwargs)
        self.fields["projet"].queryset = Project.objects.visible_to(user).of(epci)
        months = [divmod(today.year * 12 + today.month - 1 + step, 12) for step in range(-12, 19)]
        named = [(f"{year}-{month + 1:02}", f"{MONTHS[month]} {year}") for year, month in months]
        self.fields["mois"].choices = [("", "À partir d’aujourd’hui"), *named]
        self.is_valid()
