"""Pages of the territory that need everyone: the map of the communes, and the page of one of them."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from projects.portfolio import commune_page
from projects.portfolio.territory import FIGURES, Column, Figure, column_of, figure_of, territory_of
from territories.places.access import get_intercommunality
from territories.places.models import Commune
from territories.places.sections import sections_of


@require_safe
def territory(request: HttpRequest) -> HttpResponse:
    """The communes, their map coloured by the figure chosen, and the table of all figures."""
    epci = get_intercommunality(request)
    figure, sort = figure_of(request.GET.get("chiffre", "")), sort_of(request.GET.get("tri", ""))
    shown = territory_of(epci, request.user, figure=figure, sort=sort)
    return render(
        request,
        "projects/portfolio/territory.html",
        {
            "epci": epci,
            "sections": sections_of(request, epci),
            "territory": shown,
            "choices": [
                {"label": one.label, "url": address(one.key, sort), "is_current": one == figure} for one in FIGURES
            ],
            "headers": [header_of(column, figure, sort) for column in shown.columns],
        },
    )


@require_safe
def commune(request: HttpRequest, insee: str) -> HttpResponse:
    """The page of a commune of the EPCI where the person is working."""
    epci = get_intercommunality(request)
    shown = get_object_or_404(Commune.objects.filter(intercommunality=epci), insee_code=insee)
    shown.intercommunality = epci
    context = commune_page.page_of(shown, request)
    return render(
        request, "projects/portfolio/commune.html", {"epci": epci, "sections": sections_of(request, epci), **context}
    )


def sort_of(asked: str) -> str:
    """The order asked for when it names a column, the names of the communes otherwise."""
    key = asked.removeprefix("-")
    return asked if column_of(key).key == key else "commune"


def address(figure: str, sort: str) -> str:
    """The same page with another choice; what is by default is left out."""
    query = QueryDict(mutable=True)
    if figure != FIGURES[0].key:
        query["chiffre"] = figure
    if sort != "commune":
        query["tri"] = sort
    return f"?{query.urlencode()}"


def header_of(column: Column, figure: Figure, sort: str) -> dict[str, str]:
    """A title that sorts by its column, figures the largest first, and the other way when it already does."""
    up, down = column.key, f"-{column.key}"
    first, second = (up, down) if column.key == "commune" else (down, up)
    return {
        "title": column.title,
        "url": address(figure.key, second if sort == first else first),
        "order": {up: "ascending", down: "descending"}.get(sort, ""),
    }
