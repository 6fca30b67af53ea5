"""The figures of the demo (key of the flying secretariat, pact, grant) come out to the cent through the pages."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest
from django.urls import reverse

from cooperation.french import euros
from partners.people.models import User
from projects.demo import files
from territories.models import PactAmount, SharedService, SolidarityGrant
from tests.demo import load

pytestmark = pytest.mark.django_db
LEVERS = files.read().levers
KEY, GRANT = LEVERS["flying_secretariat_key"], LEVERS["solidarity_grant"]


@pytest.fixture
def visit(demo_territory, db, client):
    client.force_login(User.objects.get(email="maire@laferrandiere.example"))
    return lambda url, **query: client.get(url, query).content.decode()


def lines_of(html, table):
    """The lines of a table of the page, as texts, by the name of their first cell."""
    body = html.partition(f'id="{table}"')[2].partition("</table>")[0]
    found = {}
    for line in re.findall(r"<tr>(.*?)</tr>", body, flags=re.S):
        written = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", line, flags=re.S)
        cells = [re.sub(r"<[^>]+>", "", cell).strip() for cell in written]
        found[cells[0].replace("&#x27;", "'")] = cells[1:]
    return found


def test_the_key_of_the_flying_secretariat_is_shown_to_the_cent(visit):
    service = SharedService.objects.get(projects__reference="P30")
    lines = lines_of(visit(service.get_absolute_url(), annee=2026), "tableau-parts")
    assert "63,00\u00a0€ par unité (heures)" in visit(service.get_absolute_url(), annee=2026)  # 126 000 € for 2 000 h
    for one in KEY["communes"]:
        assert lines[one["name"]][-1] == euros(Decimal(one["amount"]))
        assert lines[one["name"]][0] == str(one["hours"])
    assert lines["Total"][-1] == euros(Decimal("94500.00"))


def test_the_matrix_adds_the_part_of_the_epci_up_to_the_whole_cost(visit):
    lines = lines_of(visit(reverse("territories:pooling"), annee=2026), "tableau-matrice")
    assert lines["Communes"][-1] == euros(Decimal(94_500))
    assert lines["Intercommunalité"][-1] == euros(Decimal(31_500))
    assert lines["Coût total"][-1] == euros(Decimal(126_000))
    assert lines["Saint-Ursan"][-1] == euros(Decimal("12831.03"))


def test_services_whose_use_is_not_told_show_their_cost_and_no_share(visit):
    html = visit(reverse("territories:pooling"), annee=2026)
    assert html.count("<strong>Clé à renseigner</strong>") == 6
    assert euros(Decimal(214_000)) in html and euros(Decimal(189_000)) in html
    assert euros(Decimal(699_000)) in html  # the total of what is known


def test_every_component_and_every_total_of_the_grant_is_shown_to_the_cent(visit):
    lines = lines_of(visit(reverse("territories:grant", args=[2026])), "tableau-dotation")
    names = ("income_share", "potential_share", "population_share", "road_share")
    for one in GRANT["communes"]:
        cells = lines[one["name"]]
        assert cells[1:8:2] == [euros(Decimal(one[name])) for name in names]
        assert cells[-1] == euros(Decimal(one["total"]))
    total = lines["Total"]
    assert total[1:8:2] == [euros(Decimal(GRANT["total"][name])) for name in names]
    assert total[-1] == euros(Decimal("300000.00"))
    assert "14\u202f486,71" in total[0] and "955,00" in total[2]


def test_the_compensations_of_the_year_add_up_with_their_signs(visit):
    lines = lines_of(visit(reverse("territories:pact"), annee=2026), "tableau-pacte")
    for one in GRANT["communes"]:
        assert lines[one["name"]][0] == euros(Decimal(one["attribution_compensation"]))
        assert lines[one["name"]][1] == euros(Decimal(one["total"]))
    assert lines["Total"][0] == euros(Decimal(3_457_200))
    assert lines["Total"][1] == euros(Decimal(300_000))
    assert lines["Total"][4] == euros(Decimal(-94_500))
    assert lines["Total"][7] == euros(Decimal(3_662_700))
    # Le Plessis-Varenne: -800 + 3 464,98 - 9 346,30
    assert lines["Le Plessis-Varenne"][7] == euros(Decimal("-6681.32"))


def test_the_checks_tell_the_two_thirds_and_the_thirty_five_percent(visit):
    html = visit(reverse("territories:pact"), annee=2026)
    assert "il en faut les deux tiers, soit 30." in html
    assert "120\u202f000,00\u00a0€" in html and "40,00\u202f%" in html
    assert "À corriger" not in html


def test_the_case_to_refuse_is_refused_by_the_simulation(client):
    load()
    client.force_login(User.objects.get(email="dgs@ccvo.example"))
    case, grant = GRANT["must_be_refused"][0], SolidarityGrant.objects.get()
    weights = (case["income_percent"], case["potential_percent"], 35, 35)
    asked = {f"weight_{part.pk}": weight for part, weight in zip(grant.criteria.all(), weights, strict=True)}
    asked |= {"total": case["envelope"], "version": 1}
    url = reverse("territories:grant_simulate", args=[grant.pk])
    assert "il leur manque 15\u202f000,00\u00a0€" in client.get(url, asked).content.decode()
    assert client.post(url, asked).status_code == 422
    assert SolidarityGrant.objects.count() == 1


def test_nothing_is_invented_for_what_the_specification_does_not_tell(visit):
    load()
    assert set(PactAmount.objects.values_list("kind", flat=True)) == {"ac"}
    assert SharedService.objects.filter(years__isnull=False).distinct().count() == 1
    html = visit(reverse("territories:pact"), annee=2026)
    assert 'FPIC <span class="soft">(non renseigné)</span>' in html


def test_the_scheme_leads_to_the_consultation_of_the_communes(visit):
    html = visit(reverse("territories:pooling"), annee=2026)
    assert "Suivre la consultation" in html
    assert "Schéma de mutualisation 2026-2032" in html
