"""Pages of competences: read by every member, written by the coordination, each act recorded and dated."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from territories.competences import services
from territories.competences.words import matches
from territories.models import (
    AgreementPosition,
    CommunityInterest,
    Competence,
    Crosswalk,
    ImplementationAgreement,
    NationalCompetence,
)
from tests.factories import (
    make_agent,
    make_commune,
    make_competence,
    make_coordinator,
    make_epci,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
LIST = "/territoire/competences/"


@pytest.fixture
def epci():
    return make_epci()


@pytest.fixture
def coordinator(client, epci):
    person = make_coordinator(epci)
    client.force_login(person, BACKEND)
    return person


def page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def form_of(**fields):
    return {"label": "Voirie", "category": "additional", "codes": "", **fields}


def test_the_list_tells_the_situation_on_any_date(client, epci, coordinator):
    competence = make_competence(epci, label="Mobilité")
    competence.since, competence.ends_on = date(2021, 7, 1), date(2025, 12, 31)
    competence.save()
    told = {day: page(client, f"{LIST}?au={day}") for day in ("2021-06-30", "2021-07-01", "2025-12-31", "2026-01-01")}
    assert ["Non exercées ce jour-là" in one for one in told.values()] == [True, False, False, True]
    assert "1\u00a0supplémentaire." in told["2021-07-01"]


def test_the_list_shows_the_definition_of_the_day(client, epci, coordinator):
    competence = make_competence(epci, label="Logement")
    competence.subject_to_community_interest = True
    competence.save()
    for text, day in (("OPAH seulement", date(2017, 3, 1)), ("OPAH et observatoire", date(2024, 5, 2))):
        CommunityInterest.objects.create(intercommunality=epci, competence=competence, text=text, decided_on=day)
    one = f"{LIST}{competence.pk}/"
    assert "à définir par le conseil" in page(client, f"{LIST}?au=2016-01-01")
    assert "défini par le conseil communautaire" in page(client, one) and "sans objet" not in page(client, one)
    assert "OPAH seulement" in page(client, f"{LIST}?au=2020-01-01")
    assert "OPAH et observatoire" in page(client, LIST)
    competence.interests.update(decided_on=None)
    assert "(définition sans date)" in page(client, f"{LIST}?au=2016-01-01")
    Competence.objects.filter(pk=competence.pk).update(subject_to_community_interest=False)
    assert "sans objet" in page(client, one) and "sans objet" in page(client, LIST)


def test_the_words_of_the_users_find_the_words_of_the_law(client, epci, coordinator):
    make_competence(epci, label="Mobilité")
    make_competence(epci, label="Déchets", category="obligatory")
    for words in ("optionnelle", "compétences optionnelles mobilite", "facultative", "supplémentaires"):
        said = page(client, f"{LIST}?q={words.removeprefix('compétences ')}")
        assert "Mobilité" in said and "Déchets" not in said
        assert "2\u00a0compétences exercées" in said.replace("2 ", "2\u00a0") and "1 compétence répond à «" in said
    assert "Aucune compétence ne répond" in page(client, f"{LIST}?q=magie")
    assert "répond à" not in page(client, LIST)
    options = page(client, f"{LIST}nouvelle/")
    assert ">Supplémentaire (on dit encore" in options and ">Obligatoire</option>" in options  # a line of its own


@pytest.mark.parametrize(
    ("words", "found"), [("OPTIONNELLES", True), ("voirie optionnelle", True), ("obligatoire", False), ("", True)]
)
def test_words_are_compared_without_case_nor_accents(words, found):
    assert matches(words, "Voirie supplémentaire") is found


def test_the_form_says_optionnelle_and_stores_the_legal_word(client, epci, coordinator):
    assert "optionnelle" in page(client, f"{LIST}nouvelle/")
    client.post(f"{LIST}nouvelle/", form_of(since="2020-01-01", act="arrêté du 12 décembre 2019"))
    found = epci.competences.get()
    assert (found.category, found.get_category_display()) == ("additional", "supplémentaire")
    assert "Voirie" in page(client, f"{LIST}{found.pk}/")


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"category": "opt_in"}, "Cochez les communes"),
        ({"category": "municipal", "subject_to_community_interest": "on"}, "n’est pas soumise"),
        ({"since": "2020-01-01", "ends_on": "2019-01-01"}, "précède"),
        ({"codes": "12a"}, "quatre chiffres"),
        ({"codes": "9999"}, "n’est pas dans la nomenclature 2025"),
        ({"label": "Mobilité"}, "déjà inscrite"),
    ],
)
def test_a_contradiction_is_refused_with_its_reason_and_nothing_is_written(client, epci, coordinator, fields, reason):
    NationalCompetence.objects.create(nomenclature="2025", code="6040", label="Voirie communale")
    make_competence(epci, label="Mobilité")
    answer = client.post(f"{LIST}nouvelle/", form_of(**fields))
    assert answer.status_code == 422 and reason in answer.content.decode()
    assert epci.competences.count() == 1


def test_a_la_carte_names_its_communes_and_codes_are_tied(client, epci, coordinator):
    NationalCompetence.objects.create(nomenclature="2025", code="6040", label="Voirie communale")
    inside, _ = make_commune(epci, "Pierrelande"), make_commune(epci, "Bréauval")
    client.post(f"{LIST}nouvelle/", form_of(category="opt_in", communes=[inside.pk], codes="6040 ; 6040"))
    found = epci.competences.get()
    assert list(found.communes.all()) == [inside]
    assert (found.banatic_codes, found.national.get().label) == (["6040"], "Voirie communale")
    said = page(client, f"{LIST}{found.pk}/")
    assert "Pierrelande" in said and "Voirie communale" in said and "Bréauval" not in said
    client.post(f"{LIST}{found.pk}/modifier/", form_of(category="additional", communes=[inside.pk]))
    found.refresh_from_db()
    assert not found.communes.exists() and not found.national.exists()


def test_nothing_is_asserted_of_a_competence_whose_category_is_unknown(client, epci, coordinator):
    competence = make_competence(epci, label="Eau", category="unstated")
    competence.national.add(NationalCompetence.objects.create(nomenclature="2021", code="1502"))
    said = page(client, LIST)
    assert "1\u00a0de catégorie à préciser" in said and "1502\u00a0(2021)" in said
    for address in (LIST, f"{LIST}{competence.pk}/"):
        said = page(client, address)
        assert "sans objet" not in said and "à définir" not in said and "toutes" not in said


def test_a_commune_of_elsewhere_is_refused(epci, coordinator):
    stranger = make_commune(make_epci(1))
    competence = Competence(intercommunality=epci, label="Écoles", category="opt_in")
    with pytest.raises(ValidationError, match="membre"):
        services.save_competence(competence=competence, communes=[stranger], by=coordinator)


def test_a_code_shows_what_it_was_in_the_other_nomenclature(client, epci, coordinator):
    old = NationalCompetence.objects.create(nomenclature="2021", code="1004", label="Électricité et gaz")
    new = [NationalCompetence.objects.create(nomenclature="2025", code=code) for code in ("1005", "1010")]
    dropped = NationalCompetence.objects.create(nomenclature="2021", code="9920", label="Matériel")
    for target in new:
        Crosswalk.objects.create(source=old, target=target, kind="split")
    Crosswalk.objects.create(source=dropped, kind="no_equivalent")
    competence = make_competence(epci)
    competence.banatic_codes = ["7575"]
    competence.save()
    competence.national.set([old, new[0], dropped])
    said = page(client, f"{LIST}{competence.pk}/")
    for words in ("scindé en 1005, 1010 en 2025", "partie de 1004 en 2021", "sans équivalent en 2025", "sans intitulé"):
        assert words in said
    assert "<strong>7575</strong>" in said
    client.force_login(make_agent(epci), BACKEND)
    read = page(client, f"{LIST}{competence.pk}/")
    assert "1005" in read and "scindé en" not in read and "M57" not in read  # for whoever keeps the list


def test_the_history_of_a_competence_tells_what_changed_and_by_whom(client, epci, coordinator):
    competence = make_competence(epci, label="Voirie", category="municipal")
    client.post(f"{LIST}{competence.pk}/modifier/", form_of(since="2027-01-01"))
    said = page(client, f"{LIST}{competence.pk}/")
    assert "catégorie\u00a0: communale → supplémentaire" in said
    assert "exercée depuis le\u00a0: — → 01/01/2027" in said and str(coordinator) in said


def test_a_definition_carries_its_date_and_its_act(client, epci, coordinator):
    competence = make_competence(epci)
    address = f"{LIST}{competence.pk}/interet-communautaire/"
    given = {"text": "la médiathèque", "decided_on": "2026-03-01", "act": "délibération 2026-45"}
    assert "n’est pas soumise" in client.post(address, given).content.decode()
    competence.subject_to_community_interest = True
    competence.save()
    assert client.post(address, given | {"act": ""}).status_code == 422
    tomorrow = timezone.localdate() + timedelta(days=1)
    assert "à venir" in client.post(address, given | {"decided_on": tomorrow}).content.decode()
    assert client.post(address, given).status_code == 302
    assert "déjà inscrite" in client.post(address, given).content.decode()
    interest = competence.interests.get()
    client.post(f"{LIST}interet-communautaire/{interest.pk}/", given | {"text": "la médiathèque et la piscine"})
    interest.refresh_from_db()
    assert interest.text == "la médiathèque et la piscine" and interest.history.count() == 2
    said = page(client, f"{LIST}{competence.pk}/")
    assert "délibération 2026-45" in said and "en vigueur" in said


def test_an_agreement_gathers_the_position_of_each_commune(client, epci, coordinator):
    competence = make_competence(epci, label="Déchets", category="obligatory")
    first, second, third = (make_commune(epci, name) for name in ("Pierrelande", "Bréauval", "Cormelette"))
    client.post(f"{LIST}{competence.pk}/accord/", {"title": "Tournées", "text": "Deux par semaine"})
    agreement = competence.agreements.get()
    silent = page(client, f"{LIST}{competence.pk}/")
    assert "3\u00a0sans position" in silent and "Positions des communes" not in silent  # no row of nothing
    address = f"{LIST}accords/{agreement.pk}/positions/"
    given = {f"stance_{first.pk}": "agrees", f"stance_{second.pk}": "refuses", f"stance_{third.pk}": "none"}
    answer = client.post(address, given)
    assert answer.status_code == 422
    assert "Pierrelande\u00a0: une position exprimée porte sa date" in answer.content.decode()
    given |= {f"date_{first.pk}": "2026-09-01", f"date_{second.pk}": "2026-09-02", f"act_{first.pk}": "délib. 12"}
    assert client.post(address, given).status_code == 302
    said = page(client, f"{LIST}{competence.pk}/")
    assert "1\u00a0d’accord, 1\u00a0pas d’accord, 1\u00a0sans position" in said and "délib. 12" in said
    assert AgreementPosition.objects.count() == 2
    client.post(address, given)
    assert AgreementPosition.history.count() == 2  # what is unchanged leaves no trace
    client.post(f"{LIST}accords/{agreement.pk}/", {"title": "Tournées", "text": "Une", "agreed_on": "2026-10-01"})
    agreement.refresh_from_db()
    assert agreement.agreed_on is None  # an agreement is concluded by an act
    client.post(
        f"{LIST}accords/{agreement.pk}/",
        {"title": "Tournées", "text": "Une", "agreed_on": "2026-10-01", "act": "délibération 2026-60"},
    )
    assert "Conclu le 1<sup>er</sup>\u00a0octobre\u00a02026" in page(client, f"{LIST}{competence.pk}/")


def test_only_an_obligatory_competence_offers_agreements(client, epci, coordinator):
    additional = make_competence(epci)
    assert "Accords de mise en œuvre" not in page(client, f"{LIST}{additional.pk}/")
    answer = client.post(f"{LIST}{additional.pk}/accord/", {"title": "Tournées", "text": "Deux"})
    assert answer.status_code == 422 and "compétence obligatoire" in answer.content.decode()


def test_a_competence_with_an_agreement_stays_obligatory_and_is_not_removed(client, epci, coordinator):
    competence = make_competence(epci, label="Voirie", category="obligatory")
    ImplementationAgreement.objects.create(intercommunality=epci, competence=competence, title="a", text="b")
    assert "elle reste obligatoire" in client.post(f"{LIST}{competence.pk}/modifier/", form_of()).content.decode()
    client.post(f"{LIST}{competence.pk}/retirer/")
    assert epci.competences.exists()


def test_a_competence_entered_by_mistake_is_removed_unless_a_project_hangs_on_it(client, epci, coordinator):
    free, used = make_competence(epci, label="Erreur"), make_competence(epci, label="Voirie")
    make_project(epci).competences.add(used)
    client.post(f"{LIST}{free.pk}/retirer/")
    client.post(f"{LIST}{used.pk}/retirer/")
    assert list(epci.competences.all()) == [used]
    assert "1 projet s’y rattache" in page(client, f"{LIST}{used.pk}/modifier/")


def test_a_reader_sees_on_the_page_of_a_competence_the_projects_they_may_read_only(client, epci):
    competence = make_competence(epci)
    author = make_agent(epci, commune=make_commune(epci))
    for title, status in (("Le brouillon d’un autre", "draft"), ("Le projet admis", "adopted")):
        make_project(epci, title=title, status=status).competences.add(competence)
    client.force_login(make_coordinator(epci), BACKEND)
    said = page(client, f"{LIST}{competence.pk}/")
    assert "Le projet admis" in said and "Le brouillon" not in said
    client.force_login(author, BACKEND)
    assert "Le projet admis" not in page(client, f"{LIST}{competence.pk}/")


def test_a_verb_is_refused_to_whoever_does_not_keep_the_competences(epci):
    competence, agent = make_competence(epci, category="obligatory"), make_agent(epci)
    agreement = ImplementationAgreement(intercommunality=epci, competence=competence, title="a", text="b")
    interest = CommunityInterest(intercommunality=epci, competence=competence, text="a")
    for act in (
        lambda: services.save_competence(competence=competence, communes=[], by=agent),
        lambda: services.remove_competence(competence=competence, by=agent),
        lambda: services.record_interest(interest=interest, by=agent),
        lambda: services.save_agreement(agreement=agreement, by=agent),
        lambda: services.state_positions(agreement=agreement, positions=[], by=agent),
    ):
        with pytest.raises(PermissionDenied):
            act()


def queries_of(client, address):
    with CaptureQueriesContext(connection) as queries:
        page(client, address)
    return len(queries)


def test_the_number_of_queries_does_not_grow(client, epci, coordinator):
    competence = make_competence(epci, label="Déchets", category="obligatory")

    def add(number):
        for rank in range(number):
            other = make_competence(epci, label=f"C{number}-{rank}")
            other.national.add(NationalCompetence.objects.create(nomenclature="2025", code=f"{number}{rank}00"))
            make_project(epci, status="adopted").competences.add(competence)
            agreement = ImplementationAgreement.objects.create(
                intercommunality=epci, competence=competence, title=f"A{number}-{rank}", text="b"
            )
            AgreementPosition.objects.create(
                intercommunality=epci, agreement=agreement, commune=make_commune(epci), stance="none"
            )
            competence.note = f"{number}-{rank}"
            competence.save()

    add(2)
    few = queries_of(client, LIST), queries_of(client, f"{LIST}{competence.pk}/")
    add(5)
    assert (queries_of(client, LIST), queries_of(client, f"{LIST}{competence.pk}/")) == few
