"""The pact tells what each commune receives and gives, checks it against the law, and simulates before adopting."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from territories.levers.pact_services import (
    AmountLine,
    adopt_grant,
    open_year,
    remove_fund,
    save_fund,
    write_amounts,
    write_grant,
)
from territories.levers.pact_tables import checks_of, grant_in_force, shared, year_table
from territories.levers.versions import WrittenPart
from territories.models import EquipmentFund, FinancialPact, GrantCriterion, PactAmount, SolidarityGrant
from tests.factories import (
    make_commune,
    make_coordinator,
    make_epci,
    make_fund,
    make_grant,
    make_pact_year,
    make_people,
)

pytestmark = pytest.mark.django_db
VALUES = ((100, 10_000, 500), (300, 20_000, 1_000), (600, 15_000, 800))


@pytest.fixture
def world():
    epci = make_epci()
    communes = [make_commune(epci, name) for name in ("Aubry", "Brion", "Clary")]
    for commune, (total, *_) in zip(communes, VALUES, strict=True):
        make_people(commune, total)
    return epci, communes, make_coordinator(epci), make_pact_year(epci)


def write(pact_year, by, *lines, mode="common"):
    write_amounts(pact_year=pact_year, lines=lines, mode=mode, note="", by=by)


def rows_of(communes):
    return [(commune, *values) for commune, values in zip(communes, VALUES, strict=True)]


def grant_parts(communes, weights=(20, 20, 60)):
    kinds = ((GrantCriterion.Kind.INCOME, 2), (GrantCriterion.Kind.POTENTIAL, 3), (GrantCriterion.Kind.POPULATION, 1))
    return [
        WrittenPart(kind, str(kind), weight, values={row[0].pk: Decimal(row[place]) for row in rows_of(communes)})
        for (kind, place), weight in zip(kinds, weights, strict=True)
    ]


def weights_of(grant, *weights):
    return {f"weight_{part.pk}": weight for part, weight in zip(grant.criteria.all(), weights, strict=True)}


def test_negative_amounts_are_given_and_every_total_is_the_sum_of_its_column(world):
    _, (a, b, c), boss, year = world
    write(year, boss, AmountLine(a, Decimal("1000.10")), AmountLine(b, Decimal("-250.05"), equalisation=Decimal("40")),
          AmountLine(c, Decimal("0"), other=Decimal("-0.05")))  # fmt: skip
    table = year_table(year, None)
    assert [row["net"] for row in table["rows"]] == [Decimal("1000.10"), Decimal("-210.05"), Decimal("-0.05")]
    assert [row["given"] for row in table["rows"]] == [0, Decimal("250.05"), Decimal("0.05")]
    assert table["total"]["net"] == table["total"]["received"] - table["total"]["given"] == Decimal("790.00")
    for place, foot in enumerate(table["feet"]):
        cells = [row["cells"][place] for row in table["rows"] if row["cells"][place] is not None]
        assert foot is None or foot == sum(cells)
    assert table["rows"][0]["per_head"] == Decimal("10.00")


def test_what_is_not_written_is_not_a_zero(world):
    _, (a, *_), boss, year = world
    write(year, boss, AmountLine(a, Decimal(10)))
    table = year_table(year, None)
    assert table["missing"] == ["Dotation de solidarité", "FPIC", "Fonds de concours", "Services mutualisés"]
    write(year, boss, AmountLine(a, None))
    assert not PactAmount.objects.exists()


def test_the_grant_is_typed_by_amounts_only_while_its_criteria_are_not_written(client, world):
    _, communes, boss, year = world
    write(year, boss, AmountLine(communes[0], grant=Decimal("12.50")))
    assert year_table(year, None)["feet"][1] == Decimal("12.50")
    client.force_login(boss)
    url = reverse("territories:amounts", args=[2026])
    assert "Dotation de solidarité" in client.get(url).content.decode()
    make_grant(year, rows_of(communes))
    assert "otation de solidarité" not in client.get(url).content.decode()
    write(year, boss, AmountLine(communes[0]))
    assert year.amounts.get().amount == Decimal("12.50")  # overridden, not lost


def test_an_amount_left_alone_leaves_no_trace_in_the_history(world):
    _, (a, *_), boss, year = world
    for _ in range(3):
        write(year, boss, AmountLine(a, Decimal(10)))
    assert PactAmount.history.count() == 1


def test_a_year_takes_over_the_compensation_and_charges_move_it(world):
    epci, (a, b, _), boss, year = world
    write(year, boss, AmountLine(a, Decimal("8100")), AmountLine(b, Decimal("-500")))
    after = open_year(epci=epci, year=2027, by=boss)
    assert sorted(after.amounts.values_list("amount", flat=True)) == [Decimal("-500.00"), Decimal("8100.00")]
    write(after, boss, AmountLine(a, None, charges_transferred=Decimal("12000")), AmountLine(b, Decimal("-500")))
    assert after.amounts.get(commune=a).amount == Decimal("-3900.00")
    assert [check.holds for check in checks_of(after, None, None)] == [True]


def test_a_compensation_that_does_not_follow_is_told_by_name(world):
    epci, (a, *_), boss, year = world
    write(year, boss, AmountLine(a, Decimal("8100")))
    after = open_year(epci=epci, year=2027, by=boss)
    write(after, boss, AmountLine(a, Decimal("9000")))
    (said,) = checks_of(after, None, None)
    assert said.holds is False and said.sentence.startswith("Aubry") and "1609 nonies C" in said.article


def test_charges_without_a_known_year_before_are_refused(world):
    _, (a, *_), boss, year = world
    with pytest.raises(ValidationError, match="l’attribution de 2025 n’est pas connue"):
        write(year, boss, AmountLine(a, None, charges_transferred=Decimal(1)))


def test_the_thirty_percent_of_the_fpic_bind_that_derogation_only(world):
    _, (a, b, _), boss, year = world
    lines = (
        AmountLine(a, equalisation=Decimal("131"), common_rule=Decimal("100")),
        AmountLine(b, equalisation=Decimal("70"), common_rule=Decimal("100")),
    )
    write(year, boss, *lines)
    assert checks_of(year, None, None) == []
    write(year, boss, *lines, mode="thirty")
    year.refresh_from_db()
    (said,) = checks_of(year, None, None)
    assert said.holds is False and "Aubry" in said.sentence and "130,00" in said.sentence


def test_a_fund_beyond_the_ceiling_may_be_asked_but_not_voted(world):
    _, (a, *_), boss, year = world
    fund = make_fund(year, a, amount=Decimal("60000"), subsidies=Decimal("20000"))
    save_fund(fund=fund, by=boss)
    fund.stage = EquipmentFund.Stage.VOTED
    with pytest.raises(ValidationError, match=r"40.*000,00.*L\. 5214-16 V"):
        save_fund(fund=fund, by=boss)
    fund.amount = Decimal("40000")
    save_fund(fund=fund, by=boss)
    with pytest.raises(ValidationError, match="délibéré"):
        remove_fund(fund=fund, by=boss)


def test_a_fund_is_written_on_its_page_and_refused_with_its_ceiling(client, world):
    _, (a, *_), boss, _ = world
    client.force_login(boss)
    url = reverse("territories:fund_create", args=[2026])
    data = {"commune": a.pk, "equipment": "Salle des fêtes", "direction": "to", "stage": "voted", "amount": "50 001",
            "cost": "100 000,00", "subsidies": ""}  # fmt: skip
    refused = client.post(url, data)
    assert refused.status_code == 422
    assert "50\u202f000,00\u00a0€" in refused.content.decode() and "L.\xa05214-16\xa0V" in refused.content.decode()
    assert 'value="50 001"' in refused.content.decode()
    page = client.post(url, data | {"amount": "50 000"}, follow=True).content.decode()
    assert "Salle des fêtes" in page and "Conforme." in page
    assert EquipmentFund.objects.get().subsidies == 0
    again = client.post(url, data | {"amount": "50 000"})
    assert "déjà inscrit" in again.content.decode()


def test_a_request_is_taken_away_on_the_page_of_the_year(client, world):
    _, (a, *_), boss, year = world
    fund = make_fund(year, a)
    client.force_login(boss)
    page = client.post(reverse("territories:fund_remove", args=[fund.pk]), follow=True).content.decode()
    assert "La demande est retirée" in page and not EquipmentFund.objects.exists()


def test_only_voted_funds_are_money_and_their_direction_counts(world):
    _, (a, b, _), _, year = world
    make_fund(year, a, stage="voted")
    make_fund(year, a, stage="asked", equipment="Halle")
    make_fund(year, b, stage="paid", direction="from")
    table = year_table(year, None)
    assert [row["net"] for row in table["rows"]] == [Decimal(10_000), Decimal(-10_000), 0]


def test_the_regulation_of_the_pact_is_checked_with_its_envelope(world):
    epci, (a, *_), _, year = world
    pact = FinancialPact(
        intercommunality=epci, starts_year=2026, ends_year=2032, fund_percent_ceiling=Decimal(30),
        fund_amount_ceiling=Decimal(265_000), fund_envelope=Decimal(30_000), fund_requests_per_year=1,
    )  # fmt: skip
    make_fund(year, a, stage="voted", amount=Decimal(30_001))
    make_fund(year, a, stage="asked", equipment="Halle")
    broken = {check.name for check in checks_of(year, pact, None) if not check.holds}
    assert broken == {"regulation", "envelope", "requests"}


def test_a_grant_below_thirty_five_percent_is_refused_with_its_article(world):
    _, communes, boss, year = world
    with pytest.raises(ValidationError, match=r"15.*000,00.*L\. 5211-28-4"):
        parts = grant_parts(communes, (15, 15, 70))
        write_grant(pact_year=year, total=Decimal(300_000), parts=parts, by=boss, expected_version=0)
    assert not SolidarityGrant.objects.exists()


def test_a_grant_lacking_a_value_is_refused_by_name(world):
    _, communes, boss, year = world
    parts = grant_parts(communes)
    del parts[0].values[communes[1].pk]
    with pytest.raises(ValidationError, match="il manque la valeur de Brion"):
        write_grant(pact_year=year, total=Decimal(1000), parts=parts, by=boss, expected_version=0)


def test_the_pact_applies_the_adopted_version_until_another_is_adopted(world):
    _, communes, boss, year = world
    first = write_grant(pact_year=year, total=Decimal(1000), parts=grant_parts(communes), by=boss, expected_version=0)
    with pytest.raises(ValidationError, match="deux tiers"):
        adopt_grant(grant=first, votes_for=65, votes_against=33, abstentions=0, decided_on="2026-11-05", by=boss)
    adopt_grant(grant=first, votes_for=33, votes_against=11, abstentions=2, decided_on="2026-11-05", by=boss)
    second = write_grant(pact_year=year, total=Decimal(2000), parts=grant_parts(communes), by=boss, expected_version=1)
    assert grant_in_force(year) == first
    adopt_grant(grant=second, votes_for=40, votes_against=0, abstentions=0, decided_on="2026-12-01", by=boss)
    assert grant_in_force(year) == second
    assert year_table(year, shared(grant_in_force(year)))["feet"][1] == Decimal("2000.00")


def test_the_vote_is_recorded_on_the_page_of_the_version(client, world):
    _, communes, boss, year = world
    grant = make_grant(year, rows_of(communes))
    client.force_login(boss)
    assert "Leur somme doit faire" in client.get(reverse("territories:grant_edit", args=[2026])).text
    url = reverse("territories:grant_adopt", args=[grant.pk])
    vote = {"votes_for": 65, "votes_against": 33, "abstentions": 1, "decided_on": "2026-11-05"}
    refused = client.post(url, vote)
    assert refused.status_code == 422 and "il en faut les deux tiers" in refused.content.decode()
    page = client.post(url, vote | {"votes_for": 66}, follow=True).content.decode()
    assert "les deux tiers, soit 66." in page and "Enregistrer le vote" not in page


def test_a_simulation_shows_before_and_after_and_saves_nothing(client, world):
    _, communes, boss, year = world
    grant = make_grant(year, rows_of(communes))
    client.force_login(boss)
    url = reverse("territories:grant_simulate", args=[grant.pk])
    answer = client.get(url, {"total": "2 000,00", **weights_of(grant, 40, 20, 40)})
    comparison = answer.context["comparison"]
    assert comparison["total"] == {"before": Decimal(1000), "after": Decimal(2000), "gap": Decimal(1000)}
    assert all(row["after"] - row["before"] == row["gap"] for row in comparison["rows"])
    assert SolidarityGrant.objects.count() == 1


def test_a_simulation_is_saved_as_the_next_version_in_draft(client, world):
    _, communes, boss, year = world
    grant = make_grant(year, rows_of(communes), stage="adopted", votes_for=3, votes_against=0)
    client.force_login(boss)
    url = reverse("territories:grant_simulate", args=[grant.pk])
    seen = client.get(url, {"total": "2000", **weights_of(grant, 40, 20, 40)}).content.decode()
    assert "Enregistrer comme nouvelle version" in seen
    answer = client.post(url, {"total": "2000", "version": 1, **weights_of(grant, 40, 20, 40)})
    saved = SolidarityGrant.objects.get(version=2)
    assert answer.status_code == 302
    assert (saved.total, saved.stage) == (Decimal(2000), "draft")
    assert [part.weight for part in saved.criteria.all()] == [40, 20, 40]
    assert grant_in_force(year) == grant


def test_a_simulation_against_the_law_is_shown_but_cannot_be_saved(client, world):
    _, communes, boss, year = world
    grant = make_grant(year, rows_of(communes))
    client.force_login(boss)
    url = reverse("territories:grant_simulate", args=[grant.pk])
    asked = {"total": "300000", "version": 1, **weights_of(grant, 15, 15, 70)}
    seen = client.get(url, asked).content.decode()
    assert "il leur manque 15\u202f000,00\u00a0€" in seen and "L. 5211-28-4" in seen
    assert "Enregistrer comme nouvelle version" not in seen
    assert client.post(url, asked).status_code == 422
    assert SolidarityGrant.objects.count() == 1


def test_weights_that_do_not_make_a_hundred_are_said_on_the_page(client, world):
    _, communes, boss, year = world
    grant = make_grant(year, rows_of(communes))
    client.force_login(boss)
    url = reverse("territories:grant_simulate", args=[grant.pk])
    assert "ils font 110\xa0%" in client.get(url, {"total": "1000", **weights_of(grant, 40, 30, 40)}).content.decode()


def test_the_criteria_are_written_on_their_page(client, world):
    _, communes, boss, year = world
    client.force_login(boss)
    data = {"total": "1 000", "version": 0, "weight_income": 20, "weight_potential": 20, "weight_population": 30,
            "label_1": "longueur de voirie", "unit_1": "km", "weight_1": 30}  # fmt: skip
    for commune, population, income, potential in rows_of(communes):
        code = commune.insee_code
        data |= {f"population_{code}": population, f"income_{code}": income, f"potential_{code}": potential}
        data[f"free1_{code}"] = "12,5"
    answer = client.post(reverse("territories:grant_edit", args=[year.year]), data)
    assert answer.status_code == 302, answer.context["form"].errors
    grant = SolidarityGrant.objects.get()
    assert [part.label for part in grant.criteria.all()][-1] == "longueur de voirie"
    assert sum(shared(grant).totals.values()) == Decimal("1000.00")
    page = client.get(answer.url).content.decode()
    assert "1\u202f000,00\u00a0€" in page and "Enregistrer le vote" in page


def test_the_grant_of_a_new_year_starts_from_the_last_criteria_and_the_new_populations(client, world):
    epci, communes, boss, year = world
    make_grant(year, rows_of(communes))
    make_people(communes[0], 123, year=2027)
    open_year(epci=epci, year=2027, by=boss)
    client.force_login(boss)
    form = client.get(reverse("territories:grant_edit", args=[2027])).context["form"]
    code = communes[0].insee_code
    assert form[f"population_{code}"].value() == "123"
    assert form[f"income_{code}"].value() == "10\u202f000"
    assert form["weight_income"].value() == 20


def test_a_refused_table_of_amounts_keeps_everything_that_was_typed(client, world):
    _, (a, b, _), boss, _ = world
    client.force_login(boss)
    data = {"mode": "common", f"ac_{a.insee_code}": "mille", f"ac_{b.insee_code}": "\u2212500,5",
            f"common_{b.insee_code}": "12"}  # fmt: skip
    answer = client.post(reverse("territories:amounts", args=[2026]), data)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="mille"' in html and 'value="\u2212500,5"' in html
    assert "Aubry, attribution de compensation" in html and "Écrivez aussi le montant retenu" in html
    assert not PactAmount.objects.exists()


def test_each_amount_has_the_name_of_its_column_and_its_commune_for_those_who_listen(client, world):
    _, (a, *_), boss, _ = world
    client.force_login(boss)
    page = client.get(reverse("territories:amounts", args=[2026])).content.decode()
    label = '<span class="visually-hidden">Aubry, </span>Attribution de compensation</label>'
    assert f'for="id_ac_{a.insee_code}">{label}' in page


def test_a_year_is_opened_once(client, world):
    epci, _, boss, _ = world
    client.force_login(boss)
    url = reverse("territories:year_open")
    assert "L’année 2027 est ouverte" in client.post(url, {"annee": "2027"}, follow=True).content.decode()
    assert "déjà ouverte" in client.post(url, {"annee": "2027"}, follow=True).content.decode()
    assert "quatre chiffres" in client.post(url, {"annee": "l’an prochain"}, follow=True).content.decode()
    assert epci.pact_years.count() == 2


def test_an_adopted_pact_is_followed_by_a_new_version(client, world):
    epci, _, boss, _ = world
    client.force_login(boss)
    url = reverse("territories:pact_edit")
    data = {"title": "Pacte", "starts_year": 2026, "ends_year": 2032, "status": "adopted", "adopted_on": "2026-12-10"}
    assert client.post(url, data).status_code == 302
    assert client.post(url, data | {"text": "Révisé.", "status": "draft"}).status_code == 302
    versions = epci.financial_pacts.order_by("version").values_list("version", "is_current", "status")
    assert list(versions) == [(1, False, "adopted"), (2, True, "draft")]


def test_the_database_refuses_charges_on_anything_but_the_compensation(world):
    epci, (a, *_), _, year = world
    with pytest.raises(IntegrityError), transaction.atomic():
        PactAmount.objects.create(
            intercommunality=epci, pact_year=year, commune=a, kind="fpic", amount=1, charges_transferred=1
        )


def test_the_pact_page_costs_the_same_with_more_communes(client, world, django_assert_max_num_queries):
    epci, communes, boss, year = world
    make_grant(year, rows_of(communes))
    write(year, boss, *(AmountLine(commune, Decimal(10)) for commune in communes))
    client.force_login(boss)
    url = reverse("territories:pact")
    client.get(url)
    with django_assert_max_num_queries(100) as few:
        client.get(url)
    for number in range(5):
        commune = make_commune(epci, f"Commune {number}")
        make_people(commune, 100)
        write(year, boss, AmountLine(commune, Decimal(10)))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url)
