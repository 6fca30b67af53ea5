"""What an EPCI exercises on a given day, and which definition of the community interest holds then."""

from __future__ import annotations

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from territories.models import (
    AgreementPosition,
    CommunityInterest,
    Competence,
    Crosswalk,
    ImplementationAgreement,
    NationalCompetence,
)
from tests.factories import make_commune, make_competence, make_epci

pytestmark = pytest.mark.django_db
TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    ("since", "ends_on", "exercised"),
    [
        (None, None, True),
        (TODAY, None, True),
        (date(2026, 7, 2), None, False),
        (date(2017, 1, 1), TODAY, True),
        (date(2017, 1, 1), date(2026, 6, 30), False),
    ],
)
def test_a_competence_is_exercised_from_its_first_day_to_its_last(since, ends_on, exercised):
    competence = make_competence(make_epci())
    competence.since, competence.ends_on = since, ends_on
    competence.save()
    assert competence.is_in_force(TODAY) is exercised
    assert Competence.objects.in_force(TODAY).exists() is exercised


def test_what_stays_to_the_communes_is_never_exercised_by_the_epci():
    competence = make_competence(make_epci(), category="municipal")
    assert not competence.is_in_force(TODAY)
    assert not Competence.objects.in_force(TODAY).exists()


def test_the_latest_definition_of_the_community_interest_is_the_one_in_force():
    competence = make_competence(make_epci())
    for text, day in (("la plus ancienne", None), ("2018", date(2018, 3, 1)), ("2026", date(2026, 9, 24))):
        CommunityInterest.objects.create(
            intercommunality=competence.intercommunality, competence=competence, text=text, decided_on=day
        )
    asked = [date(2010, 1, 1), date(2018, 3, 1), TODAY, date(2026, 9, 24)]
    assert [competence.interest_on(day).text for day in asked] == ["la plus ancienne", "2018", "2018", "2026"]


def test_without_definition_there_is_none():
    assert make_competence(make_epci()).interest_on(TODAY) is None


def test_every_change_of_a_competence_is_kept():
    competence = make_competence(make_epci(), category="municipal")
    competence.category = "additional"
    competence.save()
    competence.communes.add(make_commune(competence.intercommunality))
    kept = list(competence.history.order_by("history_id"))
    assert [one.category for one in kept] == ["municipal", "additional", "additional"]
    assert [one.communes.count() for one in kept] == [0, 0, 1]


def refused_by_the_database(**fields):
    with pytest.raises(IntegrityError), transaction.atomic():
        Competence.objects.filter(pk=make_competence(make_epci()).pk).update(**fields)


def test_a_competence_does_not_end_before_it_begins():
    refused_by_the_database(since=TODAY, ends_on=date(2026, 6, 30))


def test_an_agreement_is_about_an_obligatory_competence_only():
    epci = make_epci()
    for category, fits in (("obligatory", True), ("additional", False)):
        competence = make_competence(epci, label=category, category=category)
        agreement = ImplementationAgreement(intercommunality=epci, competence=competence, title="a", text="b")
        if fits:
            agreement.full_clean()
        else:
            with pytest.raises(ValidationError, match="obligatoire"):
                agreement.full_clean()


def test_a_concluded_agreement_names_its_act_and_a_stated_position_its_date():
    epci = make_epci()
    competence = make_competence(epci, category="obligatory")
    agreement = ImplementationAgreement(
        intercommunality=epci, competence=competence, title="a", text="b", agreed_on=TODAY
    )
    with pytest.raises(ValidationError, match="acte"):
        agreement.full_clean()
    agreement.act = "délibération 2026-12"
    agreement.save()
    position = AgreementPosition(
        intercommunality=epci, agreement=agreement, commune=make_commune(epci), stance="agrees"
    )
    with pytest.raises(ValidationError, match="date"):
        position.full_clean()


def test_the_same_code_of_two_nomenclatures_is_two_things():
    old = NationalCompetence.objects.create(nomenclature="2021", code="1510", label="Déchets")
    new = NationalCompetence.objects.create(nomenclature="2025", code="1510", label="Assainissement collectif")
    assert old != new and str(NationalCompetence(code="1520")) == "1520 (code sans intitulé)"
    with pytest.raises(IntegrityError), transaction.atomic():
        Crosswalk.objects.create(source=old, target=new, kind="no_equivalent")
    with pytest.raises(IntegrityError), transaction.atomic():
        Crosswalk.objects.create(source=old, kind="split")
