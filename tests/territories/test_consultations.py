"""The life of a consultation: prepared, notified commune by commune, answered, closed; and what it refuses."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from partners.people.models import Role
from territories.consultations import services
from territories.consultations.models import Answer, Consultation, Stage
from territories.consultations.presentation import sentence_of, situation_on
from territories.models import Population
from tests.factories import make_agent, make_commune, make_coordinator, make_epci, make_member

pytestmark = pytest.mark.django_db
ACT = date(2026, 1, 10)
NOTICE = date(2026, 1, 14)
DUE = date(2026, 4, 14)


@pytest.fixture
def epci():
    return make_epci(council_seats=48)


@pytest.fixture
def clerk(epci):
    return make_coordinator(epci)


def make_communes(epci, *inhabitants):
    communes = []
    for index, number in enumerate(inhabitants):
        commune = make_commune(epci, f"Commune {index}")
        Population.objects.create(commune=commune, year_in_force=2026, municipal=number, counted_apart=0)
        communes.append(commune)
    return communes


def prepared(epci, clerk, *inhabitants, code="transfer", communes=(), **fields):
    made = make_communes(epci, *(inhabitants or (400, 300, 200, 100)))
    wanted = Consultation(
        intercommunality=epci, procedure_code=code, title="Eau potable", **{"council_on": ACT, **fields}
    )
    return services.prepare(consultation=wanted, communes=[made[index] for index in communes], by=clerk)


def launched(epci, clerk, *inhabitants, **fields):
    return services.notify(consultation=prepared(epci, clerk, *inhabitants, **fields), notified_on=NOTICE, by=clerk)


def say(consultation, number, position, clerk, on=date(2026, 3, 1), **fields):
    answer = consultation.answers.get(commune__name=f"Commune {number}")
    values = {"position": position, "deliberated_on": on, **fields}
    return services.record(answer=answer, values=values, by=clerk)


def test_every_commune_is_asked_with_the_population_in_force(epci, clerk):
    consultation = prepared(epci, clerk)
    assert [answer.inhabitants for answer in consultation.answers.all()] == [400, 300, 200, 100]
    assert consultation.population_year == 2026
    assert consultation.stage_on(ACT) is Stage.PREPARED


def test_populations_are_frozen_with_the_procedure(epci, clerk):
    consultation = prepared(epci, clerk)
    Population.objects.update(municipal=1)
    assert [answer.inhabitants for answer in consultation.answers.all()] == [400, 300, 200, 100]


def test_the_delay_of_each_commune_runs_from_its_own_date(epci, clerk):
    consultation = prepared(epci, clerk)
    first = consultation.answers.first()
    services.notify(consultation=consultation, notified_on=date(2026, 1, 31), answers=[first], by=clerk)
    services.notify(consultation=consultation, notified_on=date(2026, 2, 3), by=clerk)
    due = list(consultation.answers.values_list("due_on", flat=True))
    assert due == [date(2026, 4, 30), *[date(2026, 5, 3)] * 3]
    assert consultation.stage_on(date(2026, 1, 30)) is Stage.PREPARED
    assert consultation.stage_on(date(2026, 5, 3)) is Stage.RUNNING
    assert consultation.stage_on(date(2026, 5, 4)) is Stage.OVER


def test_silence_counts_on_the_day_after_the_deadline_and_not_before(epci, clerk):
    consultation = launched(epci, clerk)
    assert {voice.position for voice in consultation.voices_on(DUE)} == {"pending"}
    assert {voice.position for voice in consultation.voices_on(date(2026, 4, 15))} == {"silent"}


def test_the_state_on_a_past_day_is_the_state_of_that_day(epci, clerk):
    consultation = launched(epci, clerk)
    say(consultation, 0, "unfavourable", clerk, on=date(2026, 3, 1))
    found = Consultation.objects.with_answers().get()
    assert found.voices_on(date(2026, 2, 28))[0].position == "pending"
    assert found.voices_on(date(2026, 3, 1))[0].position == "unfavourable"


def test_a_deliberation_after_the_deadline_is_kept_and_does_not_count(epci, clerk):
    consultation = launched(epci, clerk)
    answer = say(consultation, 0, "unfavourable", clerk, on=date(2026, 4, 15), reference="2026-31")
    assert answer.is_out_of_time
    closed = services.close(consultation=consultation, on=date(2026, 4, 20), by=clerk)
    assert closed.accepted
    assert Answer.objects.get(pk=answer.pk).reference == "2026-31"


def test_the_largest_commune_alone_blocks_a_transfer(epci, clerk):
    consultation = launched(epci, clerk)
    say(consultation, 0, "unfavourable", clerk)
    progress = situation_on(Consultation.objects.with_answers().get(), date(2026, 3, 2)).progress
    assert progress.is_certain
    assert not services.close(consultation=consultation, on=date(2026, 4, 15), by=clerk).accepted


def test_a_consultation_is_not_closed_while_a_commune_may_still_answer(epci, clerk):
    consultation = launched(epci, clerk)
    with pytest.raises(ValidationError, match="peuvent encore répondre"):
        services.close(consultation=consultation, on=DUE, by=clerk)
    for number in range(4):
        say(consultation, number, "favourable", clerk)
    closed = services.close(consultation=consultation, on=date(2026, 3, 2), by=clerk)
    assert closed.accepted
    assert closed.result["counts"]["counted_favourable"] == 4


def test_a_closed_consultation_never_changes_again(epci, clerk):
    consultation = launched(epci, clerk)
    services.close(consultation=consultation, on=date(2026, 4, 15), by=clerk)
    with pytest.raises(ValidationError, match="elle ne change plus"):
        say(consultation, 0, "unfavourable", clerk)
    with pytest.raises(ValidationError, match="elle ne change plus"):
        services.notify(consultation=consultation, notified_on=NOTICE, by=clerk)
    with pytest.raises(ValidationError, match="elle ne change plus"):
        services.abandon(consultation=consultation, because="Erreur", on=date(2026, 4, 16), by=clerk)


def test_an_order_follows_an_accepted_consultation_only(epci, clerk):
    consultation = launched(epci, clerk)
    with pytest.raises(ValidationError, match="Seule une consultation close et acceptée"):
        services.record_order(consultation=consultation, order_on=DUE, reference="", by=clerk)
    services.close(consultation=consultation, on=date(2026, 4, 15), by=clerk)
    with pytest.raises(ValidationError, match="L’arrêté suit la clôture"):
        services.record_order(consultation=consultation, order_on=DUE, reference="", by=clerk)
    services.record_order(consultation=consultation, order_on=date(2026, 6, 1), reference="2026-12", by=clerk)
    assert Consultation.objects.get().order_reference == "2026-12"


def test_nothing_is_notified_before_the_council_has_voted(epci, clerk):
    consultation = prepared(epci, clerk, council_on=None)
    with pytest.raises(ValidationError, match="d’abord la délibération du conseil"):
        services.notify(consultation=consultation, notified_on=NOTICE, by=clerk)
    Consultation.objects.update(council_on=date(2026, 2, 1))
    with pytest.raises(ValidationError, match="La notification suit la délibération"):
        services.notify(consultation=consultation, notified_on=NOTICE, by=clerk)
    assert not Answer.objects.filter(notified_on__isnull=False).exists()


def test_a_deliberation_follows_the_notification(epci, clerk):
    consultation = launched(epci, clerk)
    with pytest.raises(ValidationError, match="La délibération suit la notification"):
        say(consultation, 0, "favourable", clerk, on=date(2026, 1, 13))
    with pytest.raises(ValidationError, match="Donnez la date"):
        say(consultation, 0, "favourable", clerk, on=None)


def test_an_answer_typed_by_mistake_is_taken_back(epci, clerk):
    consultation = launched(epci, clerk)
    say(consultation, 0, "favourable", clerk, words="Sans réserve")
    answer = say(consultation, 0, "", clerk)
    assert (answer.position, answer.deliberated_on, answer.words) == ("", None, "")
    assert answer.history.count() == 4  # asked, notified, answered, taken back


def test_a_decision_for_one_commune_asks_that_one(epci, clerk):
    with pytest.raises(ValidationError, match="une seule"):
        prepared(epci, clerk, code="one-commune")
    consultation = launched(epci, clerk, code="one-commune", communes=[2])
    assert [answer.commune.name for answer in consultation.answers.all()] == ["Commune 2"]
    say(consultation, 2, "unfavourable", clerk)
    assert not services.close(consultation=consultation, on=date(2026, 3, 2), by=clerk).accepted


def test_opposition_to_the_local_plan_counts_between_its_two_dates(epci, clerk):
    window = {"window_opens_on": date(2026, 10, 1), "window_closes_on": date(2026, 12, 31)}
    consultation = prepared(epci, clerk, 250, 250, 250, 250, code="plu-opposition", council_on=None, **window)
    services.notify(consultation=consultation, notified_on=date(2026, 9, 1), by=clerk)
    assert say(consultation, 0, "favourable", clerk, on=date(2026, 9, 30)).is_out_of_time
    assert not say(consultation, 1, "favourable", clerk, on=date(2026, 10, 1)).is_out_of_time
    closed = services.close(consultation=consultation, on=date(2027, 1, 1), by=clerk)
    assert closed.accepted  # one commune of four, a quarter of the population: the transfer is blocked
    assert closed.result["counts"]["counted_favourable"] == 1


def test_the_council_decides_the_community_interest_alone(epci, clerk):
    consultation = prepared(epci, clerk, code="community-interest", votes_for=30, votes_against=9, abstentions=5)
    assert not consultation.answers.exists()
    closed = services.close(consultation=consultation, on=ACT, by=clerk)
    assert not closed.accepted
    assert closed.result["standing"] == "à trancher"


def test_awaited_communes_are_reminded(epci, clerk):
    consultation = launched(epci, clerk)
    say(consultation, 0, "favourable", clerk)
    assert services.remind(consultation=consultation, on=date(2026, 4, 1), by=clerk) == 3
    assert consultation.answers.filter(reminded_on=date(2026, 4, 1)).count() == 3


def test_only_those_who_hold_consultations_may_touch_them(epci, clerk):
    consultation = launched(epci, clerk)
    stranger = make_coordinator(make_epci(1))
    for somebody in (make_agent(epci), stranger, make_member(epci, Role.ELECTED)):
        with pytest.raises(PermissionDenied):
            say(consultation, 0, "favourable", somebody)
        with pytest.raises(PermissionDenied):
            services.close(consultation=consultation, on=date(2026, 5, 1), by=somebody)


def test_a_commune_of_another_territory_is_not_asked(epci, clerk):
    stranger = make_commune(make_epci(1))
    with pytest.raises(ValidationError, match="n’est pas membre"):
        services.prepare(
            consultation=Consultation(intercommunality=epci, procedure_code="one-commune", title="Lac"),
            communes=[stranger],
            by=clerk,
        )


def test_a_territory_without_populations_is_told_so(epci, clerk):
    make_commune(epci)
    with pytest.raises(ValidationError, match="La population manque"):
        services.prepare(
            consultation=Consultation(intercommunality=epci, procedure_code="transfer", title="Eau"), by=clerk
        )
    assert not Consultation.objects.exists()


def test_the_database_refuses_a_position_without_its_date(epci, clerk):
    consultation = launched(epci, clerk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.filter(consultation=consultation).update(position="favourable")


def test_an_abandoned_consultation_says_why(epci, clerk):
    consultation = launched(epci, clerk)
    with pytest.raises(ValidationError, match="Dites pourquoi"):
        services.abandon(consultation=consultation, because=" ", on=NOTICE, by=clerk)
    services.abandon(consultation=consultation, because="Projet retiré", on=NOTICE, by=clerk)
    found = Consultation.objects.with_answers().get()
    assert found.stage_on(NOTICE) is Stage.ABANDONED
    assert "Abandonnée" in sentence_of(found, situation_on(found, NOTICE))
