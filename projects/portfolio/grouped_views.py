"""The page of a grouped act: foresee (GET), then do (POST); and the export of what is ticked."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from cooperation.forms import show_errors
from cooperation.french import counted
from partners.people.current import require_intercommunality
from projects.portfolio.grouped import ACTS, GroupedAct, foresee, perform_on_all, require_grouped, ticked
from projects.proposals.models import Project
from projects.strategy.models import StrategyNode
from territories.places.models import Intercommunality

EXPORT = "export"
LONGEST_FILTERS = 2_000  # characters
MENU = [(act.name, act.label) for act in ACTS.values()] + [(EXPORT, "Exporter en tableau (CSV)")]
COLUMNS = ("Référence", "Titre", "État", "Origine", "Maître d’ouvrage", "Début prévu", "Fin prévue", "Objectifs")


class GroupedForm(forms.Form):
    """What an act asks once for all the projects."""

    reason = forms.CharField(
        label="Motif, le même pour tous", max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    objective = forms.ModelChoiceField(StrategyNode.objects.none(), label="Objectif", empty_label="Choisissez…")
    note = forms.CharField(label="Une note pour vous", required=False, max_length=200)

    def __init__(self, *args: Any, act: GroupedAct, intercommunality: Intercommunality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in [name for name in self.fields if name != act.asks]:
            del self.fields[name]
        if "objective" in self.fields:
            nodes = StrategyNode.objects.filter(intercommunality=intercommunality, plan__is_current=True)
            deepest = nodes.aggregate(level=Max("level"))["level"]
            self.fields["objective"].queryset = nodes.filter(level=deepest).order_by("code")


@require_http_methods(["GET", "HEAD", "POST"])
def grouped(request: HttpRequest) -> HttpResponse:
    epci = require_intercommunality(request)
    require_grouped(request.user, epci)
    asked = request.POST if request.method == "POST" else request.GET
    projects = ticked(request.user, epci, asked.getlist("p"))
    name = asked.get("acte", "")
    filters = QueryDict(asked.get("liste", "")[:LONGEST_FILTERS]).urlencode()
    back = reverse("projects:list") + (f"?{filters}" if filters else "")  # one goes on from the list that was filtered
    if not projects or name not in dict(MENU):
        messages.error(request, "Cochez au moins un projet et choisissez un acte.")
        return redirect(back)
    if name == EXPORT:
        return export(projects)
    act = ACTS[name]
    form = GroupedForm(request.POST if request.method == "POST" else None, act=act, intercommunality=epci)
    if request.method == "POST" and form.is_valid():
        try:
            agreed = {int(pk) for pk in request.POST.getlist("agreed") if pk.isdecimal() and len(pk) < 19}
            done = perform_on_all(act=act, projects=projects, agreed=agreed, by=request.user, said=form.cleaned_data)
        except ValidationError as error:
            show_errors(form, error)
        else:
            messages.success(request, outcome(act, done, len(projects)))
            return redirect(back)
    said = form.cleaned_data if form.is_bound and form.is_valid() else {}
    rows = foresee(act, projects, request.user, said)
    context = {
        "act": act,
        "form": form,
        "rows": rows,
        "possible": [row for row in rows if not row.refusal],
        "projects": projects,
        "filters": filters,
        "back": back,
    }
    return render(request, "projects/portfolio/grouped.html", context, status=422 if form.errors else 200)


def outcome(act: GroupedAct, done: list[Project], asked: int) -> str:
    """« Déclarer recevable : fait sur 3 projets (P01, P02, P03) ; 1 projet est resté tel quel. »"""
    names = ", ".join(project.reference for project in done)
    left = asked - len(done)
    sentence = f"{act.label} : fait sur {counted(len(done), 'projet')} ({names})"
    if left:
        sentence += f" ; {counted(left, 'projet est resté tel quel', 'projets sont restés tels quels')}"
    return f"{sentence}."


def export(projects: list[Project]) -> HttpResponse:
    """The projects ticked, as a table that a spreadsheet opens; a text is never taken for a formula."""
    day = timezone.localdate()
    answer = HttpResponse(content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="projets-{day:%Y-%m-%d}.csv"'
    answer.write("\ufeff")
    writer = csv.writer(answer, delimiter=";")
    writer.writerow(COLUMNS)
    for project in projects:
        cells = (
            project.reference,
            project.title,
            project.get_status_display(),
            project.get_origin_display(),
            project.owner_told,
            f"{project.starts_on:%d/%m/%Y}" if project.starts_on else "",
            f"{project.ends_on:%d/%m/%Y}" if project.ends_on else "",
            " ; ".join(str(node) for node in project.objectives.all()),
        )
        writer.writerow(harmless(cell) for cell in cells)
    return answer


def harmless(cell: str) -> str:
    """A text that a spreadsheet would compute is quoted: it opens as the text it is."""
    return f"'{cell}" if cell.lstrip().startswith(("=", "+", "-", "@")) or cell.startswith(("\t", "\r")) else cell
