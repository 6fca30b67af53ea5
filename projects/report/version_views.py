"""Pages of the versions: read one again, compare two, print what changed."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_http_methods

from projects.models import PrintVersion
from projects.prints.views import hand_or_prepare, name_given
from projects.report.choices import Choices
from projects.report.papers import Supplement
from projects.report.selections import tell_selections
from projects.report.versions import compare_versions
from projects.report.views import get_printed_intercommunality


@require_GET
def version_download(request: HttpRequest, number: int) -> HttpResponse:
    version = get_object_or_404(PrintVersion, intercommunality=get_printed_intercommunality(request), number=number)
    try:
        content = version.file.open("rb")
    except FileNotFoundError as error:
        raise Http404("Le fichier de cette version manque : prévenez l’administrateur.") from error
    return FileResponse(content, as_attachment=True, filename=name_given(version.file), content_type="application/pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def versions(request: HttpRequest) -> HttpResponse:
    """The versions kept, and what changed between two of them: those of the address, or the last two."""
    epci = get_printed_intercommunality(request)
    kept = list(PrintVersion.objects.filter(intercommunality=epci).defer("facts"))
    by_number = {str(version.number): version for version in kept}
    after = by_number.get(request.GET.get("a", ""), kept[0] if kept else None)
    before = by_number.get(request.GET.get("de", ""), kept[1] if len(kept) > 1 else None)
    comparison = compare_versions(before, after) if before and after and before != after else None
    if comparison and "pdf" in request.GET:
        return hand_or_prepare(request, Supplement(before, after))
    held = tell_selections([Choices.read(version.choices) for version in kept])
    values = {
        "epci": epci,
        "versions": kept,
        "rows": list(zip(kept, held, strict=True)),
        "before": before,
        "after": after,
        "comparison": comparison,
    }
    return render(request, "projects/report/versions.html", values)
