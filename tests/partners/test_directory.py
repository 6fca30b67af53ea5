"""The directory is searched, written and cleaned; a person's data leave when they must, and everywhere."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from partners.directory.identifiers import validate_rna, validate_siret
from partners.directory.models import Partner, Relay
from partners.directory.services import erase_relay
from partners.people.models import Role
from projects.models import Actor, Contribution, Endorsement, Opinion, OpinionReminder
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_competence,
    make_contribution,
    make_coordinator,
    make_epci,
    make_invitation,
    make_member,
    make_opinion,
    make_opinion_request,
    make_partner,
    make_project,
    make_relay,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def epci(client):
    epci = make_epci()
    client.force_login(make_coordinator(epci), BACKEND)
    return epci


def shown(client, **asked):
    page = client.get(reverse("partners:directory"), asked).context["page"]
    return [partner.name for partner in page]


def test_the_communes_of_a_partner_are_told_whole(client, epci):
    """As many as one reads at a glance, never a name cut in its middle."""
    communes = [make_commune(epci, name=f"Fontbrune-le-Haut-{rank}") for rank in range(7)]
    for name, served in (("Alpha", communes), ("Bêta", communes[:6]), ("Gamma", communes[:1]), ("Delta", [])):
        make_partner(epci, name=name).communes.set(served)
    told = {str(partner): words for partner, words in client.get(reverse("partners:directory")).context["rows"]}
    assert told["Alpha"] == "Toutes les communes" and told["Delta"] == "à préciser"
    assert told["Bêta"].endswith("Fontbrune-le-Haut-3 et 2 autres") and told["Gamma"] == "Fontbrune-le-Haut-0"


def test_the_form_of_a_relay_says_how_its_consent_was_given(client, epci):
    partner = make_partner(epci)
    page = client.get(reverse("partners:relay_add", args=[partner.pk])).text
    assert "Comment l’accord a été donné" in page and "Professionnel seulement" not in page


def test_the_nature_of_a_new_partner_is_chosen(client, epci):
    page = client.get(reverse("partners:partner_add"))
    assert page.context["form"]["kind"].value() == ""
    client.post(reverse("partners:partner_add"), {"name": "CAF", "kind": ""})
    assert not Partner.objects.exists()
    known = make_partner(epci)  # of the nature « autre »
    assert client.get(reverse("partners:partner_edit", args=[known.pk])).context["form"]["kind"].value() == "other"


@pytest.mark.parametrize("number", ["35600000000048", "35600000049837", "24760059600107"])
def test_a_right_siret_is_accepted_la_poste_included(number):
    validate_siret(number)


@pytest.mark.parametrize(
    ("number", "why"), [("24760059600108", "clé est fausse"), ("247600596", "14 chiffres"), ("A" * 14, "14 chiffres")]
)
def test_a_wrong_siret_is_refused_in_one_sentence(number, why):
    with pytest.raises(ValidationError, match=why):
        validate_siret(number)


@pytest.mark.parametrize("number", ["W961000011", "W2A1000011", "W9R1000011"])
def test_a_right_rna_number_is_accepted_with_its_letter(number):
    validate_rna(number)


def test_a_wrong_rna_number_is_refused():
    with pytest.raises(ValidationError, match="lettre W"):
        validate_rna("751P00085568")


@pytest.mark.parametrize("fields", [{"siret": "12"}, {"rna": "W1"}])
def test_the_database_itself_refuses_a_malformed_number(epci, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Partner.objects.create(intercommunality=epci, name="CAF", **fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"full_name": ""},
        {"erased_on": date(2026, 1, 1)},
        {"consented_on": date(2026, 1, 1)},
        {"consent_means": "spoken"},
    ],
)
def test_the_database_itself_refuses_a_relay_that_makes_no_sense(epci, fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        make_relay(make_partner(epci), **fields)


def test_a_partner_is_written_with_what_it_serves(client, epci):
    commune, competence = make_commune(epci), make_competence(epci)
    said = {
        "name": "Relais du Val",
        "kind": "association",
        "siret": "247 600 596 00107",
        "rna": "w961000011",
        "website": "relais.example",
        "communes": [commune.pk],
        "competences": [competence.pk],
    }
    client.post(reverse("partners:partner_add"), said)
    partner = Partner.objects.get()
    assert (partner.siret, partner.rna, partner.website) == ("24760059600107", "W961000011", "https://relais.example")
    assert list(partner.communes.all()) == [commune]
    assert list(partner.competences.all()) == [competence]


def test_a_name_taken_or_a_wrong_number_comes_back_with_its_reason(client, epci):
    make_partner(epci, "CAF")
    page = client.post(reverse("partners:partner_add"), {"name": "CAF", "kind": "other", "siret": "1"}).content.decode()
    assert "il faut 14 chiffres" in page
    page = client.post(reverse("partners:partner_add"), {"name": "CAF", "kind": "other"}).content.decode()
    assert "porte déjà ce nom" in page


def test_the_directory_is_searched_without_accents_and_by_number(client, epci):
    make_partner(epci, "Chœur de l’Éveil")
    Partner.objects.create(intercommunality=epci, name="Lire au Val", rna="W961000190")
    assert shown(client, q="choeur eveil") == ["Chœur de l’Éveil"]
    assert shown(client, q="W961000190") == ["Lire au Val"]
    assert shown(client, q="rien") == []


def test_the_directory_is_filtered_by_nature_commune_and_competence(client, epci):
    commune, competence = make_commune(epci), make_competence(epci)
    partner = Partner.objects.create(intercommunality=epci, name="CCAS", kind="ccas")
    make_partner(epci)
    partner.communes.add(commune)
    partner.competences.add(competence)
    for asked in ({"nature": "ccas"}, {"commune": commune.pk}, {"competence": competence.pk}):
        assert shown(client, **asked) == ["CCAS"]


def test_what_is_missing_is_a_filter(client, epci):
    silent, agreed, alone = (make_partner(epci, name) for name in ("A", "B", "C"))
    make_relay(silent)
    make_relay(agreed, consented_on=date(2026, 5, 1), consent_means="written")
    agreed.communes.add(make_commune(epci))
    assert shown(client, manque="relay") == ["C"]
    assert shown(client, manque="consent") == ["A"]
    assert shown(client, manque="commune") == ["A", "C"]
    assert alone.relays.count() == 0


def test_an_unreadable_search_shows_what_it_can(client, epci):
    make_partner(epci)
    assert client.get(reverse("partners:directory"), {"commune": "x", "page": "z", "manque": "?"}).status_code == 200


def test_the_list_and_a_partner_cost_the_same_queries_however_long(client, epci, django_assert_max_num_queries):
    def fill(count):
        for number in range(count):
            partner = make_partner(epci, f"Partenaire {number} sur {count}")
            make_relay(partner, f"Personne {number}")
            partner.communes.add(make_commune(epci, f"Commune {number} sur {count}"))
        return partner

    first = fill(2)
    with django_assert_max_num_queries(16) as few:
        client.get(reverse("partners:directory"))
    fill(40)
    with django_assert_max_num_queries(len(few)):
        client.get(reverse("partners:directory"))
    with django_assert_max_num_queries(16) as one:
        client.get(first.get_absolute_url())
    for number in range(20):
        make_relay(first, f"Autre {number}")
    with django_assert_max_num_queries(len(one)):
        client.get(first.get_absolute_url())


def test_the_page_of_a_partner_says_who_may_edit_it_and_offers_it_to_them_only(client, epci):
    partner = make_partner(epci)
    page = client.get(partner.get_absolute_url()).content.decode()
    assert "Modifier la fiche" in page
    client.force_login(make_agent(epci), BACKEND)
    page = client.get(partner.get_absolute_url()).content.decode()
    assert "Modifier la fiche" not in page
    assert "Paul-Arnaud Lessieur" in page


def test_a_relay_past_its_date_is_listed_and_leaves_from_everywhere(client, epci):
    partner = make_partner(epci)
    yesterday = timezone.localdate() - timedelta(days=1)
    late = make_relay(partner, email="sophie@caf.example", function="conseillère", retained_until=yesterday)
    make_relay(partner, "Alain Rouquier", retained_until=timezone.localdate())
    make_invitation(partner, token="lien", relay=late)
    project = make_project(epci)
    actor = make_actor(project, "CAF", partner=partner, relay=late, relay_to_be_found=False)
    page = client.get(reverse("partners:relays_to_erase")).content.decode()
    assert "Sophie Aumont" in page and "Ces personnes ont passé" in page
    assert "Alain Rouquier" not in page
    client.post(reverse("partners:relay_erase", args=[late.pk]))
    late.refresh_from_db()
    assert (late.full_name, late.email, late.function) == ("", "", "conseillère")
    assert str(late) == "à trouver, conseillère"
    page = client.get(reverse("partners:relays_to_erase")).text
    assert "Rien à effacer" in page and "Ces personnes" not in page
    assert not any(row.full_name for row in late.history.all())
    assert not partner.invitations.exists()
    actor.refresh_from_db()
    assert actor.relay is None
    assert "Sophie" not in client.get(partner.get_absolute_url()).content.decode()


def test_what_an_erased_person_said_for_their_structure_stays_and_names_nobody(client, epci):
    partner, other = make_partner(epci, "CAF"), make_partner(epci, "Un autre")
    relay = make_relay(partner, "Sophie Aumont")
    sophie = make_member(epci, Role.RELAY, "Sophie Aumont", partner=partner)
    project = make_project(epci, status="under_review", shared_objective="Accueillir")
    said = {"intercommunality": epci, "objective_version": 1, "endorses": True, "given_on": date(2026, 6, 27)}
    for held in (partner, other):  # another person may bear the same name elsewhere
        actor = make_actor(project, held.name, partner=held)
        Endorsement.objects.create(actor=actor, given_by_name="Sophie Aumont", **said)
    opinion = make_opinion(make_opinion_request(project, partner=partner), by=sophie)
    reminder = OpinionReminder.objects.create(
        intercommunality=epci, request=opinion.request, kind="asked", person=sophie, person_name="Sophie Aumont",
        told_on=date(2026, 6, 1),
    )  # fmt: skip
    contribution = make_contribution(project, author=sophie)
    Contribution.objects.filter(pk=contribution.pk).update(organisation="CAF")
    Contribution.history.update(organisation="CAF")
    page = client.get(reverse("partners:relay_erase", args=[relay.pk])).content.decode()
    assert "décisions scellées" in page
    erase_relay(relay=relay, by=make_coordinator(epci))
    for row in (opinion, reminder, contribution):
        row.refresh_from_db()
    named = {opinion.given_by_name, opinion.recorded_by_name, reminder.person_name, contribution.author_name}
    assert named == {"une personne relais"}
    assert {row.author_name for row in Contribution.history.all()} == {"une personne relais"}
    assert {row.given_by_name for row in Opinion.history.all()} == {"une personne relais"}
    for rows in (Endorsement.objects, Endorsement.history):
        assert set(rows.values_list("actor__name", "given_by_name")) == {
            ("CAF", "une personne relais"), ("Un autre", "Sophie Aumont"),
        }  # fmt: skip


def test_somebody_takes_up_a_role_left_to_be_found(client, epci):
    relay = erase_relay(relay=make_relay(make_partner(epci)), by=make_coordinator(epci))
    client.post(reverse("partners:relay_edit", args=[relay.pk]), {"full_name": "Eva Lemoine"})
    relay.refresh_from_db()
    assert (relay.full_name, relay.is_vacant) == ("Eva Lemoine", False)


def test_a_consent_without_its_means_is_refused_with_its_reason(client, epci):
    partner = make_partner(epci)
    said = {"full_name": "Eva Lemoine", "consented_on": "2026-05-01"}
    page = client.post(reverse("partners:relay_add", args=[partner.pk]), said).content.decode()
    assert "quand et comment" in page
    assert not Relay.objects.exists()


def test_contact_details_are_not_in_the_history(epci):
    make_relay(make_partner(epci), phone="01 99 00 20 01")
    assert not {"phone", "email"} & {field.name for field in Relay.history.model._meta.fields}
    assert Actor.history.model


def test_whoever_may_not_correct_the_page_of_a_structure_is_told_to_whom_to_write(client):
    epci = make_epci()
    own = make_partner(epci, "CAF & MSA")
    keeper = make_coordinator(epci)
    address = f'<a class="button button--quiet" href="mailto:{keeper.email}?subject=CAF%20%26%20MSA">Écrire à {keeper}'
    pages = []
    for person in (make_member(epci, Role.RELAY, "Odile Vasseur", partner=own), make_agent(epci), keeper):
        client.force_login(person, BACKEND)
        pages.append(client.get(own.get_absolute_url()).content.decode())
    relay, agent, held = pages
    assert address in relay and "si vous acceptez que vos coordonnées restent ici" in relay
    assert address in agent and "si vous acceptez" not in agent
    assert "mailto:" not in held


def test_a_relay_person_reads_the_page_of_their_structure_and_no_other(client):
    epci = make_epci()
    own, other = make_partner(epci), make_partner(epci, "Un autre")
    relay = make_member(epci, Role.RELAY, "Odile Vasseur", partner=own)
    client.force_login(relay, BACKEND)
    page = client.get(own.get_absolute_url())
    assert page.status_code == 200
    assert "Modifier la fiche" not in page.content.decode()
    assert reverse("partners:directory") not in page.content.decode()
    assert client.get(other.get_absolute_url()).status_code == 404
    assert own.get_absolute_url() in client.get(reverse("projects:home")).content.decode()
