"""A shared service is kept by year and by version; its page shares the cost to the cent, or says why it cannot."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from partners.people.models import Role
from territories.levers.cost_tables import flows_of, sharing_of, sharings_of, with_keys
from territories.levers.legal_forms import LegalForm, article_of
from territories.levers.pooling_services import save_scheme, save_service, write_key
from territories.levers.versions import WrittenPart
from territories.models import PoolingScheme, ServiceYear, SharedService, SharingCriterion
from tests.factories import (
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_people,
    make_project,
    make_service,
)

pytestmark = pytest.mark.django_db
Kind = SharingCriterion.Kind


@pytest.fixture
def world():
    epci = make_epci()
    communes = [make_commune(epci, name) for name in ("Aubry", "Brion", "Clary")]
    for commune, total in zip(communes, (284, 218, 144), strict=True):
        make_people(commune, total)
    return epci, communes, make_coordinator(epci), make_service(epci, participants=communes)


def hours(communes, *values):
    return {commune.pk: Decimal(value) for commune, value in zip(communes, values, strict=True)}


def worked_key(communes):
    return [
        WrittenPart(Kind.USE, "heures", 50, values=hours(communes, 620, 300, 180)),
        WrittenPart(Kind.TOTAL_POPULATION, "population totale", 30),
        WrittenPart(Kind.EQUAL, "part égale", 20),
    ]


def write(service, by, parts, *, year=2026, version=0, cost="42000.00", **figures):
    return write_key(
        service=service,
        year=year,
        figures={"total_cost": Decimal(cost), **figures},
        parts=parts,
        by=by,
        expected_version=version,
    )


def form_of(communes, *, version=0, weights=(30, "", 20), measures=(("heures", 50),), values=(620, 300, 180), **more):
    """What the page of the key posts."""
    data = {
        "stage": "forecast",
        "total_cost": "42 000,00",
        "version": version,
        **dict(zip(("weight_ptot", "weight_pmun", "weight_equal"), weights, strict=True)),
    }
    for number, (label, weight) in enumerate(measures, 1):
        data |= {f"label_{number}": label, f"weight_{number}": weight, f"kind_{number}": "use"}
    for commune, value in zip(communes, values, strict=True):
        data[f"m1_{commune.insee_code}"] = value
    return data | more


def test_the_worked_example_goes_through_the_verb(world):
    _, communes, boss, service = world
    written = write(service, boss, worked_key(communes))
    sharing = sharing_of(with_keys(ServiceYear.objects.filter(pk=written.pk)).get())
    assert [line.share for line in sharing.lines] == [Decimal("20175.68"), Decimal("12779.29"), Decimal("9045.03")]


def test_the_epci_bears_its_part_and_other_revenue_comes_off_first(world):
    _, communes, boss, service = world
    written = write(
        service, boss, worked_key(communes), cost="71000", other_revenue=Decimal(9000), epci_share_percent=Decimal(50)
    )
    sharing = sharing_of(with_keys(ServiceYear.objects.filter(pk=written.pk)).get())
    assert (sharing.own, sharing.to_share) == (Decimal("31000.00"), Decimal("31000.00"))
    assert sum(sharing.shares.values()) == Decimal("31000.00")


def test_a_new_key_is_a_new_version_and_the_old_one_stays(world):
    _, communes, boss, service = world
    write(service, boss, worked_key(communes))
    write(service, boss, [WrittenPart(Kind.EQUAL, "part égale", 100)], version=1)
    versions = list(service.years.values_list("version", "is_current"))
    assert sorted(versions) == [(1, False), (2, True)]
    assert service.years.get(version=1).criteria.count() == 3


def test_two_people_writing_the_same_year_do_not_lose_a_version(world):
    _, communes, boss, service = world
    write(service, boss, worked_key(communes))
    with pytest.raises(ValidationError, match="entre-temps"):
        write(service, boss, [WrittenPart(Kind.EQUAL, "part égale", 100)], version=0)
    assert service.years.count() == 1


def test_a_later_census_does_not_move_a_past_share(world):
    _, communes, boss, service = world
    write(service, boss, worked_key(communes))
    before = sharings_of(service.intercommunality, 2026)[service.pk].shares
    make_people(communes[0], 9999, year=2027)
    communes[0].populations.filter(year_in_force=2026).update(municipal=9999)
    assert sharings_of(service.intercommunality, 2026)[service.pk].shares == before


def test_a_missing_value_is_named(world):
    _, communes, boss, service = world
    part = WrittenPart(Kind.USE, "heures", 100, values={communes[0].pk: Decimal(1)})
    with pytest.raises(ValidationError, match="« heures » : il manque la valeur de Brion, Clary"):
        write(service, boss, [part])
    assert not service.years.exists()


def test_a_criterion_of_zeros_is_refused_at_entry(world):
    _, communes, boss, service = world
    with pytest.raises(ValidationError, match="le total des valeurs est nul"):
        write(service, boss, [WrittenPart(Kind.USE, "heures", 100, values=hours(communes, 0, 0, 0))])


def test_a_year_may_have_a_cost_before_it_has_a_key(world):
    epci, _, boss, service = world
    write(service, boss, [])
    assert sharings_of(epci, 2026)[service.pk].problem == "Clé à renseigner."


def test_the_verbs_refuse_those_who_only_read(world):
    epci, communes, _, service = world
    reader = make_member(epci, Role.ELECTED)
    for act in (
        lambda: write(service, reader, worked_key(communes)),
        lambda: save_service(service=service, participants=[], by=reader),
        lambda: save_scheme(scheme=PoolingScheme(intercommunality=epci), by=reader),
    ):
        with pytest.raises(PermissionDenied):
            act()


def test_a_commune_from_elsewhere_cannot_take_part(world):
    _, _, boss, service = world
    stranger = make_commune(make_epci(1), "Ailleurs")
    with pytest.raises(ValidationError, match="n’est pas membre"):
        save_service(service=service, participants=[stranger], by=boss)


def test_a_commune_that_holds_the_service_is_paid_by_the_others(world):
    epci, communes, boss, service = world
    service.holder = communes[0]
    service.save()
    write(service, boss, [WrittenPart(Kind.EQUAL, "part égale", 100)], cost="400.00", epci_share_percent=Decimal(25))
    flows = flows_of(sharings_of(epci, 2026).values())
    assert flows == {
        communes[0].pk: Decimal("300.00"),  # two shares of 100 €, and 100 € of the EPCI
        communes[1].pk: Decimal("-100.00"),
        communes[2].pk: Decimal("-100.00"),
    }


def test_an_approved_scheme_is_followed_by_a_new_version(world):
    epci, _, boss, _ = world
    scheme = PoolingScheme(intercommunality=epci, starts_year=2026, ends_year=2032, status="approved")
    scheme.sent_on, scheme.approved_on = date(2026, 10, 1), date(2027, 3, 25)
    save_scheme(scheme=scheme, by=boss)
    again = PoolingScheme.objects.get(is_current=True)
    again.text = "Un service de plus."
    save_scheme(scheme=again, by=boss)
    stored = PoolingScheme.objects.order_by("version")
    assert [(one.version, one.is_current, one.text) for one in stored] == [
        (1, False, ""),
        (2, True, "Un service de plus."),
    ]


@pytest.mark.parametrize(("sent", "due"), [((2026, 10, 1), (2027, 1, 1)), ((2026, 11, 30), (2027, 2, 28))])
def test_the_communes_have_three_months(sent, due):
    assert PoolingScheme(sent_on=date(*sent)).opinions_due_on == date(*due)


@pytest.mark.parametrize(
    ("kind", "article"), [("CC", "L. 5214-16-1"), ("CA", "L. 5216-7-1"), ("CU", "L. 5215-27"), ("METRO", "")]
)
def test_the_convention_de_gestion_has_the_article_of_the_epci(kind, article):
    assert article in article_of(LegalForm.MANAGEMENT, kind)


def test_every_other_legal_form_has_its_article():
    assert all(article_of(form, "CC") for form in LegalForm)


def test_the_key_is_written_on_its_page_and_read_on_the_service(client, world):
    _, communes, boss, service = world
    client.force_login(boss)
    answer = client.post(reverse("territories:service_key", args=[service.pk, 2026]), form_of(communes), follow=True)
    html = answer.content.decode()
    assert answer.redirect_chain
    assert "20\u202f175,68\u00a0€" in html and "12\u202f779,29\u00a0€" in html and "42\u202f000,00\u00a0€" in html
    assert "Arrondi" in html


def test_a_refused_key_keeps_everything_that_was_typed(client, world):
    _, communes, boss, service = world
    client.force_login(boss)
    url = reverse("territories:service_key", args=[service.pk, 2026])
    wrong = form_of(communes, weights=(30, "", 30), values=("620", "trois", "180,5"), report="Une bonne année.")
    answer = client.post(url, wrong)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert 'value="trois"' in html and 'value="180,5"' in html and "Une bonne année." in html
    assert "Brion, heures" in html and "Écrivez un nombre en chiffres" in html
    answer = client.post(url, form_of(communes, weights=(30, "", 30)))
    assert "ils font 110\xa0%" in answer.content.decode()
    assert not service.years.exists()


def test_a_measure_with_a_weight_needs_a_name(client, world):
    _, communes, boss, service = world
    client.force_login(boss)
    url = reverse("territories:service_key", args=[service.pk, 2026])
    answer = client.post(url, form_of(communes, measures=(("", 50),)))
    assert "Donnez un nom à ce que vous mesurez" in answer.content.decode()


def test_a_measure_typed_without_a_weight_is_not_dropped_in_silence(client, world):
    _, communes, boss, service = world
    client.force_login(boss)
    url = reverse("territories:service_key", args=[service.pk, 2026])
    answer = client.post(url, form_of(communes, weights=(100, "", ""), measures=(("heures", ""),)))
    assert "Donnez un poids à cette mesure" in answer.content.decode()
    assert not service.years.exists()


def test_the_detail_of_the_cost_makes_the_total_and_the_unit_cost(client, world):
    _, communes, boss, service = world
    client.force_login(boss)
    url = reverse("territories:service_key", args=[service.pk, 2026])
    detail = {"staff_cost": "36 000", "supplies_cost": "4 000,10", "contracts_cost": "1 999,90"}
    wrong = client.post(url, form_of(communes) | detail | {"total_cost": "42 000,01"})
    assert "Le détail fait 42\u202f000,00\u00a0€" in wrong.content.decode()
    assert client.post(url, form_of(communes) | detail | {"total_cost": ""}).status_code == 302
    stored = service.years.get()
    assert stored.total_cost == Decimal("42000.00") and stored.renewal_cost == 0
    page = client.get(service.get_absolute_url(), {"annee": 2026}).content.decode()
    assert "38,18\u00a0€ par unité (heures)" in page and "dont fournitures" in page  # 42 000 € for 1 100 h
    nothing = client.post(url, form_of(communes, version=1) | {"total_cost": ""})
    assert "Écrivez le coût total, ou son détail" in nothing.content.decode()


def test_a_service_on_loan_asks_for_the_detail_of_its_cost(client, world):
    _, communes, boss, service = world
    service.legal_form = "service_loan"
    service.save()
    write(service, boss, worked_key(communes))
    client.force_login(boss)
    assert "D. 5211-16" in client.get(service.get_absolute_url(), {"annee": 2026}).content.decode()


def test_a_new_year_starts_from_the_key_of_the_last(client, world):
    _, communes, boss, service = world
    write(service, boss, worked_key(communes))
    client.force_login(boss)
    html = client.get(reverse("territories:service_key", args=[service.pk, 2027])).content.decode()
    assert "reprennent la dernière année connue" in html and 'value="620"' in html


def test_an_old_version_is_read_as_such(client, world):
    _, communes, boss, service = world
    write(service, boss, worked_key(communes))
    write(service, boss, [WrittenPart(Kind.EQUAL, "part égale", 100)], version=1)
    client.force_login(boss)
    html = client.get(service.get_absolute_url(), {"annee": 2026, "version": 1}).content.decode()
    assert "ancienne version" in html and "20\u202f175,68\u00a0€" in html
    assert "14\u202f000,00\u00a0€" in client.get(service.get_absolute_url(), {"annee": 2026}).content.decode()


def test_the_yearly_report_puts_planned_and_actual_side_by_side(client, world):
    _, communes, boss, service = world
    write(service, boss, worked_key(communes))
    write(service, boss, worked_key(communes), version=1, cost="45000.00", stage="actual", report="Deux départs.")
    client.force_login(boss)
    html = client.get(reverse("territories:pooling"), {"annee": 2026}).content.decode()
    assert "3\u202f000,00\u00a0€" in html and "Deux départs." in html


def test_the_scheme_page_says_which_key_is_missing_and_invents_nothing(client, world):
    epci, communes, boss, service = world
    write(service, boss, worked_key(communes))
    make_service(epci, "Informatique", announced_cost=Decimal(189_000), participant_count=18, position=2)
    client.force_login(boss)
    html = client.get(reverse("territories:pooling"), {"annee": 2026}).content.decode()
    assert html.count("Clé à renseigner") == 1
    assert "annoncé" in html and "231\u202f000,00\u00a0€" in html  # 42 000 + 189 000


def test_an_empty_territory_is_told_what_to_do(client):
    epci = make_epci()
    client.force_login(make_coordinator(epci))
    assert "Ajouter un service" in client.get(reverse("territories:pooling")).content.decode()


def test_a_service_shows_only_the_projects_that_the_reader_may_see(client, world):
    epci, _, boss, service = world
    draft = make_project(epci, author=make_agent(epci, "Une autre"), title="Brouillon secret")
    draft.shared_services.add(service)
    client.force_login(boss)
    assert "Brouillon secret" not in client.get(service.get_absolute_url()).content.decode()


def test_a_service_is_added_on_its_page_with_its_communes(client, world):
    _, communes, boss, _ = world
    client.force_login(boss)
    data = {"name": "Urbanisme", "legal_form": "common_service", "status": "running", "staff": "2,4",
            "participants": [communes[0].pk, communes[2].pk]}  # fmt: skip
    answer = client.post(reverse("territories:service_create"), data)
    added = SharedService.objects.get(name="Urbanisme")
    assert answer.url == added.get_absolute_url()
    assert added.staff == Decimal("2.40") and added.participants.count() == 2


def test_a_name_already_taken_is_said_in_the_form(client, world):
    _, _, boss, service = world
    client.force_login(boss)
    data = {"name": service.name, "legal_form": "common_service", "status": "running"}
    answer = client.post(reverse("territories:service_create"), data)
    assert answer.status_code == 422 and "porte déjà ce nom" in answer.content.decode()


def test_the_scheme_page_costs_the_same_with_more_services(client, world, django_assert_max_num_queries):
    epci, communes, boss, service = world
    write(service, boss, worked_key(communes))
    client.force_login(boss)
    url = reverse("territories:pooling")
    client.get(url)
    with django_assert_max_num_queries(100) as few:
        client.get(url, {"annee": 2026})
    for number in range(5):
        other = make_service(epci, f"Service {number}", participants=communes)
        write(other, boss, worked_key(communes))
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(url, {"annee": 2026})
