"""The simulator: suppose what each commune says, and read what would come of it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from territories.consultations.access import MANAGE, VIEW
from territories.consultations.electors import MissingPopulation, electors_of
from territories.consultations.procedures import BY_CODE, PROCEDURES, Asked
from territories.consultations.simulation import simulate, suppose
from territories.places.access import get_intercommunality
from territories.places.sections import sections_of

SIMULATED = [procedure for procedure in PROCEDURES if procedure.majority and procedure.asked is Asked.EVERY_COMMUNE]
FIELD = "c"  # c96001=f: the commune is supposed favourable; f, d, anything else is silence


@require_GET
def simulator(request: HttpRequest) -> HttpResponse:
    """All is in the address: a supposition can be kept, sent, printed. `?fragment=1` gives the result alone."""
    epci = get_intercommunality(request, VIEW)
    asked = request.GET.get("procedure", "")
    procedure = BY_CODE[asked] if asked in {one.code for one in SIMULATED} else SIMULATED[0]
    context = {"tabs": sections_of(request, epci), "procedure": procedure, "procedures": SIMULATED}
    try:
        electors = electors_of(epci)
    except MissingPopulation as error:
        return render(request, "territories/consultations/simulator.html", context | {"fault": str(error)})
    said = {elector.commune.insee_code: request.GET.get(FIELD + elector.commune.insee_code) for elector in electors}
    everyone = request.GET.get("toutes", "")
    if everyone in {"f", "d", "s"}:
        said = dict.fromkeys(said, everyone)
    favourable = {code for code, letter in said.items() if letter == "f"}
    unfavourable = {code for code, letter in said.items() if letter == "d"}
    voices = suppose([elector.as_voice() for elector in electors], favourable=favourable, unfavourable=unfavourable)
    context["simulation"] = simulate(procedure, voices)
    if "fragment" in request.GET:
        return render(request, "territories/consultations/_simulation.html", context)
    ordered = sorted(electors, key=lambda elector: (-elector.total, elector.commune.name))
    context["rows"] = [
        {
            "elector": elector,
            "name": FIELD + elector.commune.insee_code,
            "said": said[elector.commune.insee_code] or "s",
        }
        for elector in ordered
    ]
    context["may_manage"] = request.user.has_perm(f"territories.{MANAGE}", epci)
    return render(request, "territories/consultations/simulator.html", context)
