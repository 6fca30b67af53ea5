"""Files to take away: the projects listed, as tables or open data, and the sheet of one of them."""

from __future__ import annotations

from collections.abc import Iterator

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from cooperation.answering import file_to_keep
from cooperation.spreadsheets.writing import to_csv, to_ods, to_xlsx
from partners.people.access import scope_of
from partners.people.current import require_intercommunality
from projects.models import Project
from projects.portfolio.filters import PortfolioFilters
from projects.prints.views import hand_or_prepare
from projects.proposals.access import get_project
from projects.report.content import gather_sheet
from projects.report.open_data import open_data
from projects.report.papers import ProjectSheet
from projects.report.tables import listed, read_tables

TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "odt": "application/vnd.oasis.opendocument.text",
    "pdf": "application/pdf",
}


def hand_over(content: bytes | Iterator[bytes], name: str, kind: str) -> HttpResponseBase:
    return file_to_keep(content, name=f"{name}.{kind}", content_type=TYPES[kind])


@require_GET
def export(request: HttpRequest, kind: str) -> HttpResponseBase:
    """What the list of projects shows, with its filters, as this person sees it."""
    epci = require_intercommunality(request)
    found = PortfolioFilters(request.GET, intercommunality=epci, person=request.user).apply(
        Project.objects.visible_to(request.user).of(epci)
    )
    name = f"projets-{epci.siren}-{timezone.localdate():%Y-%m-%d}"
    match kind:
        case "json":
            return hand_over(open_data(found, epci), name, kind)
        case "csv":
            return hand_over(to_csv(listed(found)), name, kind)
        case "xlsx" | "ods":
            write = to_xlsx if kind == "xlsx" else to_ods
            return hand_over(write(read_tables(found)), name, kind)
        case _:
            raise Http404("Cette forme de fichier n’est pas proposée.")


@require_http_methods(["GET", "HEAD", "POST"])
def project_file(request: HttpRequest, pk: int, kind: str) -> HttpResponseBase:
    """The sheet of one project, on paper or to go on writing; what is internal stays with those who instruct."""
    project = get_project(request.user, pk)
    internal = scope_of(request.user).may("review_projects", project.intercommunality_id)
    today = timezone.localdate()
    name = f"{project.reference}-{today:%Y-%m-%d}"
    match kind:
        case "pdf":
            return hand_or_prepare(request, ProjectSheet(project, public=not internal))
        case "odt":
            from projects.report.letters import sheet_to_odt  # heavy: loaded by those who take a text away only

            sheet = gather_sheet(project, today=today, public=not internal)
            return hand_over(sheet_to_odt(sheet, name=project.intercommunality.name, today=today), name, kind)
        case _:
            raise Http404("Cette forme de fichier n’est pas proposée.")
