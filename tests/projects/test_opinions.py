"""An opinion is asked by a day that the calendar gives, answered on one version, taken back only while it may be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cooperation.french import NBSP, date_fr
from partners.governance.models import Body, ElectedMember, Seat
from partners.people.models import Role, User
from projects.deliberation import services as deliberation
from projects.models import AgendaItem, Move, Opinion, OpinionRequest, Project, Session, Status
from projects.opinions import rules, services
from projects.opinions.access import awaited_from, may_answer, may_withdraw
from projects.opinions.forms import AnswerForm, ReportForm
from projects.opinions.models import SILENCE_TOLD
from projects.opinions.reads import line_of, summary_of
from projects.opinions.rules import Reminder, Silence, Stage
from tests.factories import (
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_opinion,
    make_opinion_request,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
MONDAY = date(2026, 11, 9)


class World:
    def __init__(self):
        self.epci = make_epci(department_code="35")
        self.commune = make_commune(self.epci)
        self.partner = make_partner(self.epci)
        self.coordinator = make_coordinator(self.epci)
        self.agent = make_agent(self.epci, "Maud Jallet")
        self.mayor = make_member(self.epci, Role.ELECTED, "Patrick Oudinet", commune=self.commune)
        self.councillor = make_member(self.epci, Role.COUNCILLOR, "Jeanne Roche", commune=self.commune)
        self.relay = make_member(self.epci, Role.RELAY, "Amandine Cazes", partner=self.partner)
        self.project = make_project(self.epci, author=self.agent, status=Status.UNDER_REVIEW)

    def fresh(self, user):
        """The same person at the next request."""
        return User.objects.get(pk=user.pk)


def ask(world, on=None, days=10, **whom):
    said = {"question": "Y êtes-vous favorable ?", "working_days": days} | (whom or {"commune": world.commune})
    return services.ask(project=world.project, by=world.coordinator, on=on or timezone.localdate(), **said)


def answer(world, request, by=None, now=None, **said):
    said = {"position": "favourable"} | said
    request = OpinionRequest.objects.get(pk=request.pk)
    return services.give(request=request, by=world.fresh(by or world.mayor), now=now or timezone.now(), **said)


def rewrite(project):
    Project.objects.filter(pk=project.pk).update(version=project.version + 1)


# --- What dates say --------------------------------------------------------------------------------------------------


def test_the_deadline_jumps_over_weekends_and_the_armistice(world):
    assert ask(world, on=MONDAY).due_on == date(2026, 11, 24)


def test_a_delay_that_a_text_counts_in_months_runs_from_day_to_day(world):
    assert ask(world, on=date(2026, 9, 7), months=3, commune=world.commune).due_on == date(2026, 12, 7)


def test_alsace_has_its_own_deadline():
    assert rules.due_date(date(2026, 12, 24), 2, "67") == date(2026, 12, 29)
    assert rules.due_date(date(2027, 3, 25), 1, "67") == date(2027, 3, 30)  # Good Friday and Easter Monday
    assert rules.due_date(date(2027, 3, 25), 1) == date(2027, 3, 26)


@pytest.mark.parametrize(
    ("day", "given", "withdrawn", "stage"),
    [
        (date(2026, 11, 24), False, False, Stage.AWAITED),
        (date(2026, 11, 25), False, False, Stage.SILENT),
        (date(2026, 11, 25), True, False, Stage.GIVEN),
        (date(2026, 11, 20), True, True, Stage.WITHDRAWN),
    ],
)
def test_the_day_of_the_deadline_is_included(day, given, withdrawn, stage):
    assert rules.stage_on(day, due_on=date(2026, 11, 24), is_given=given, is_withdrawn=withdrawn) is stage


def test_reminders_come_five_working_days_and_one_before():
    due = date(2026, 11, 24)
    assert rules.reminder_on(date(2026, 11, 16), due_on=due) is Reminder.ASKED
    assert rules.reminder_on(date(2026, 11, 17), due_on=due) is Reminder.SOON
    assert rules.reminder_on(date(2026, 11, 23), due_on=due) is Reminder.LAST
    assert rules.reminder_on(due, due_on=due) is Reminder.LAST


@pytest.mark.parametrize(
    ("silence", "label"),
    [
        ("favourable", "Réputé favorable, par le silence"),
        ("unfavourable", "Réputé défavorable, par le silence"),
        ("none", "Délai passé sans réponse"),
    ],
)
def test_silence_means_what_was_said_when_asking(world, silence, label):
    reason = "" if silence == "none" else "CGCT, art. L. 5211-57"
    request = ask(world, on=MONDAY, silence=silence, silence_reason=reason, commune=world.commune)
    assert line_of(request, request.due_on).label == "Attendu"
    assert line_of(request, request.due_on + timedelta(days=1)).label == label


def test_a_silence_that_counts_says_where_the_rule_comes_from(world):
    with pytest.raises(ValidationError, match="d’où vient"):
        ask(world, silence="favourable", commune=world.commune)


# --- Who -------------------------------------------------------------------------------------------------------------


def test_the_coordination_alone_asks_and_not_on_its_own_proposal(world):
    said = {"project": world.project, "on": MONDAY, "question": "?", "working_days": 5, "service": "Finances"}
    for person in (world.agent, world.mayor, world.relay):
        with pytest.raises(PermissionDenied):
            services.ask(by=person, **said)
    own = make_project(world.epci, author=world.coordinator, status=Status.UNDER_REVIEW)
    with pytest.raises(PermissionDenied, match="Vous avez proposé"):
        services.ask(by=world.coordinator, **(said | {"project": own}))


@pytest.mark.parametrize("status", [Status.SUBMITTED, Status.TO_COMPLETE, Status.INADMISSIBLE, Status.REJECTED])
def test_nothing_is_asked_before_admissibility_nor_after_the_end(world, status):
    Project.objects.filter(pk=world.project.pk).update(status=status)
    with pytest.raises(PermissionDenied, match="on n’y demande plus"):
        ask(world)


def test_those_of_the_commune_answer_and_its_councillor_reads(world):
    request = ask(world)
    today = timezone.localdate()
    assert may_answer(world.mayor, request, today)
    for person in (world.councillor, world.relay, world.agent):
        assert not may_answer(person, request, today)
    given = answer(world, request)
    assert (given.given_by_name, given.is_reported) == ("Patrick Oudinet", False)


def test_whoever_chairs_a_body_answers_for_it_while_they_chair(world):
    body = Body.objects.create(intercommunality=world.epci, kind="committee", name="Commission Eau", power="advisory")
    member = ElectedMember.objects.create(
        intercommunality=world.epci, commune=world.commune, full_name="Patrick Oudinet", user=world.mayor
    )
    seat = Seat.objects.create(body=body, member=member, is_chair=True)
    request, today = ask(world, body=body), timezone.localdate()
    assert may_answer(world.mayor, request, today)
    assert list(awaited_from(world.mayor, world.epci, today)) == [request]
    seat.ends_on = today - timedelta(days=1)
    seat.save()
    assert not may_answer(world.mayor, request, today)


def test_a_member_does_not_speak_for_the_body_and_is_told_who_does(world, client):
    body = Body.objects.create(intercommunality=world.epci, kind="mayors", name="Conférence des maires")
    president = make_member(world.epci, Role.ELECTED, "Hélène Marchadier", commune=world.commune)
    for person, chairs in ((president, True), (world.mayor, False)):
        member = ElectedMember.objects.create(
            intercommunality=world.epci, commune=world.commune, full_name=str(person), user=person
        )
        Seat.objects.create(body=body, member=member, is_chair=chairs)
    request, today = ask(world, body=body), timezone.localdate()
    assert [one.person for one in request.reminders.all()] == [president]
    assert list(awaited_from(world.mayor, world.epci, today)) == []
    client.force_login(world.mayor, BACKEND)
    page = client.get(request.get_absolute_url()).content.decode()
    assert "Hélène Marchadier, qui préside cette instance, rend son avis" in page
    with pytest.raises(PermissionDenied, match="demandé à une instance, Conférence des maires"):
        answer(world, request)
    given = answer(world, request, by=president)
    assert may_withdraw(president, given, today)
    assert not may_withdraw(world.mayor, given, today)


def test_a_body_that_nobody_chairs_answers_through_the_coordination(world):
    body = Body.objects.create(intercommunality=world.epci, kind="committee", name="Commission Eau", power="advisory")
    request, today = ask(world, body=body), timezone.localdate()
    assert "la coordination transmet son avis" in may_answer(world.mayor, request, today).reason
    assert answer(world, request, by=world.coordinator, said_by="La commission du 9 novembre").is_reported


def test_an_opinion_awaited_after_the_decision_is_told_to_come_after_it(world, client):
    request, said = ask(world), "Ce projet a déjà été adopté"
    client.force_login(world.mayor, BACKEND)
    pages = (request.get_absolute_url(), reverse("projects:opinions", args=[world.project.pk]))
    assert not any(said in client.get(page).content.decode() for page in pages)
    Project.objects.filter(pk=world.project.pk).update(status=Status.ADOPTED)
    assert all(said in client.get(page).content.decode().replace(NBSP, " ") for page in pages)
    told = client.post(request.get_absolute_url(), {"position": "favourable"}, follow=True).content.decode()
    assert said in told and "avant de décider" not in told


def test_nobody_answers_on_their_own_proposal(world):
    own = make_project(world.epci, author=world.mayor, status=Status.UNDER_REVIEW)
    request = make_opinion_request(own, commune=world.commune)
    with pytest.raises(ValidationError, match="Vous avez proposé"):
        answer(world, request)


def test_the_coordination_reports_the_opinion_of_a_service_and_says_so(world):
    request = ask(world, service="Service urbanisme")
    with pytest.raises(ValidationError, match="Dites qui"):
        answer(world, request, by=world.coordinator)
    assert [form().fields["position"].label for form in (AnswerForm, ReportForm)] == ["Votre avis", "L’avis rendu"]
    given = answer(world, request, by=world.coordinator, said_by="La directrice du service")
    assert (given.is_reported, given.given_by_name, given.recorded_by_name) == (
        True, "La directrice du service", "Paul-Arnaud Lessieur",
    )  # fmt: skip


def test_an_opinion_received_is_dated_between_the_question_and_today(world):
    request = ask(world, service="Service urbanisme")
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(ValidationError, match="entre la demande"):
        answer(world, request, by=world.coordinator, said_by="La directrice", given_on=tomorrow)


@pytest.mark.parametrize("position", ["reserved", "unfavourable"])
def test_reservations_are_written(world, position):
    with pytest.raises(ValidationError, match="réserves"):
        answer(world, ask(world), position=position, words="  ")


def test_whoever_is_asked_sees_the_project_until_the_question_is_taken_back(world):
    assert not Project.objects.visible_to(world.fresh(world.relay)).filter(pk=world.project.pk).exists()
    request = ask(world, partner=world.partner)
    assert Project.objects.visible_to(world.fresh(world.relay)).filter(pk=world.project.pk).exists()
    services.withdraw_request(request=request, by=world.coordinator, on=request.asked_on, reason="Mauvais partenaire")
    assert not Project.objects.visible_to(world.fresh(world.relay)).filter(pk=world.project.pk).exists()


def test_the_same_organisation_is_not_asked_twice_at_once(world):
    ask(world)
    with pytest.raises(ValidationError, match="a déjà jusqu’au"):
        ask(world)


# --- On which version, and taking back -------------------------------------------------------------------------------


def test_an_opinion_tells_the_version_it_bears_on_and_that_the_text_changed(world):
    request = ask(world)
    answer(world, request)
    today = timezone.localdate()
    line = summary_of(world.project, world.mayor, today).lines[0]
    assert (line.has_changed, line.version.startswith("Porte sur la version du")) == (False, True)
    rewrite(world.project)
    line = summary_of(Project.objects.get(pk=world.project.pk), world.mayor, today).lines[0]
    assert line.has_changed
    assert line.version.endswith("Le texte a changé depuis.")


def test_a_question_is_taken_back_with_a_reason_until_someone_or_silence_answers(world):
    request = ask(world, on=MONDAY, silence="favourable", silence_reason="Convention", commune=world.commune)
    late = request.due_on + timedelta(days=1)
    with pytest.raises(ValidationError, match="le silence vaut réponse"):
        services.withdraw_request(request=request, by=world.coordinator, on=late, reason="Erreur")
    with pytest.raises(ValidationError, match="sans motif"):
        services.withdraw_request(request=request, by=world.coordinator, on=request.due_on, reason=" ")
    with pytest.raises(PermissionDenied):
        services.withdraw_request(request=request, by=world.mayor, on=request.due_on, reason="Erreur")
    other = ask(world, partner=world.partner)
    answer(world, other, by=world.relay)
    with pytest.raises(ValidationError, match="Un avis a été rendu"):
        services.withdraw_request(request=other, by=world.coordinator, on=other.asked_on, reason="Erreur")


@pytest.mark.parametrize(
    ("is_late", "has_changed", "is_decided", "allowed"),
    [
        (False, False, False, True),
        (False, True, False, True),
        (True, False, False, True),
        (True, True, False, False),
        (False, False, True, False),
    ],
)
def test_an_opinion_is_taken_back_before_the_deadline_or_while_the_text_is_unchanged(
    is_late, has_changed, is_decided, allowed
):
    due = date(2026, 11, 24)
    today = due + timedelta(days=int(is_late))
    refusal = rules.refusal_to_withdraw_opinion(today, due_on=due, has_text_changed=has_changed, is_decided=is_decided)
    assert bool(refusal) is not allowed


def test_an_opinion_taken_back_stays_readable_and_another_may_be_given(world):
    request = ask(world)
    first = answer(world, request)
    services.withdraw_opinion(opinion=first, by=world.mayor, on=request.asked_on, reason="Le conseil délibère lundi")
    second = answer(world, request, position="unfavourable", words="Le lac est saturé.")
    line = summary_of(world.project, world.coordinator, request.asked_on).lines[0]
    assert (line.opinion, line.taken_back) == (second, [first])


def test_only_its_author_or_the_same_organisation_takes_an_opinion_back(world):
    given = answer(world, ask(world))
    for person in (world.coordinator, world.relay, world.councillor):
        with pytest.raises(PermissionDenied):
            services.withdraw_opinion(opinion=given, by=person, on=given.given_on, reason="Non")


def test_an_opinion_read_before_the_decision_is_not_taken_back(world):
    given = answer(world, ask(world))
    Move.objects.create(
        intercommunality=world.epci, project=world.project, transition="adopt", label="Adopté", source="on_agenda",
        target=Status.ADOPTED, moved_by_name="Séance",
    )  # fmt: skip
    with pytest.raises(ValidationError, match="Les élus ont décidé"):
        services.withdraw_opinion(opinion=given, by=world.mayor, on=given.given_on, reason="Non")


def test_a_body_answers_by_what_it_proclaims(world):
    body = Body.objects.create(intercommunality=world.epci, kind="committee", name="Commission Eau", power="advisory")
    request, today = ask(world, body=body), timezone.localdate()
    given = services.take_from_session(
        project=world.project, body=body, position="reserved", words="Voir le tracé", held_on=today,
        by=world.coordinator, now=timezone.now(),
    )  # fmt: skip
    assert (given.request, given.position) == (request, "reserved")
    assert Opinion.objects.count() == 1


def test_proclaiming_in_session_answers_what_was_asked(world):
    body = Body.objects.create(intercommunality=world.epci, kind="committee", name="Commission Eau", power="advisory")
    request, today = ask(world, body=body), timezone.localdate()
    Project.objects.filter(pk=world.project.pk).update(status=Status.ON_AGENDA)
    session = Session.objects.create(
        intercommunality=world.epci, body=body, held_on=today, state="open", in_office=5, present=5, powers=0
    )
    item = AgendaItem.objects.create(intercommunality=world.epci, session=session, project=world.project)
    counted = {"in_office": 5, "present": 5, "powers": 0, "not_taking_part": 0, "not_taking_part_reason": ""}
    votes = {"ballot": "ordinary", "votes_for": 5, "votes_against": 0, "abstentions": 0, "blank_votes": 0}
    values = counted | votes | {"chair_votes_for": None, "outcome": "favourable", "text": "Avis unanime."}
    deliberation.proclaim(item=item, values=values, by=world.coordinator, at=timezone.now())
    assert (request.opinions.get().position, request.opinions.get().words) == ("favourable", "Avis unanime.")


# --- Reminders -------------------------------------------------------------------------------------------------------


def test_asking_tells_each_person_once_and_the_day_they_saw_it_is_kept(world, client):
    request = ask(world)
    assert [one.person_name for one in request.reminders.all()] == ["Patrick Oudinet"]
    assert services.remind(today=request.asked_on) == 0
    client.force_login(world.mayor, BACKEND)
    client.get(request.get_absolute_url())
    seen = request.reminders.get().seen_at
    assert seen is not None
    client.get(request.get_absolute_url())
    assert request.reminders.get().seen_at == seen  # the first time counts
    line = summary_of(world.project, world.coordinator, timezone.localdate()).lines[0]
    assert line.reminders.startswith("demande à Patrick Oudinet le") and ", vu le" in line.reminders
    assert summary_of(world.project, world.mayor, timezone.localdate()).lines[0].reminders == ""


def test_reminders_are_written_once_and_stop_with_the_answer(world):
    request = make_opinion_request(world.project, commune=world.commune, asked_on=MONDAY, days=10)
    five_before = date(2026, 11, 17)
    assert services.remind(today=five_before) == 1
    assert services.remind(today=five_before + timedelta(days=1)) == 0
    assert services.remind(today=date(2026, 11, 23)) == 1
    assert [one.kind for one in request.reminders.all()] == ["soon", "last"]
    make_opinion(request, by=world.mayor)
    assert services.remind(today=date(2026, 11, 24)) == 0


def test_a_service_is_asked_by_its_own_way_and_the_coordination_reminded_of_it(world):
    request = services.ask(
        project=world.project, by=world.coordinator, on=MONDAY, question="?", working_days=10, service="Urbanisme"
    )
    assert not request.reminders.exists()
    assert services.remind(today=date(2026, 11, 17)) == 1
    assert request.reminders.get().person == world.coordinator


# --- Pages -----------------------------------------------------------------------------------------------------------


def test_the_coordination_asks_from_the_page_of_the_project(world, client):
    client.force_login(world.coordinator, BACKEND)
    address = reverse("projects:opinions", args=[world.project.pk])
    shown = client.get(address).text
    group = shown[shown.index("À qui\u202f? Une seule réponse parmi les quatre") :]
    assert 'name="service"' in group[: group.index("</fieldset>")] and 'name="question"' in group
    asked = {"question": "Favorable ?", "working_days": "10", "silence": "none"}
    assert client.post(address, asked | {"commune": world.commune.pk, "service": "Eau"}).status_code == 422
    assert client.post(address, asked | {"commune": world.commune.pk}).status_code == 302
    request = world.project.opinion_requests.get()
    assert request.who == "Bréauval"
    back = client.get(reverse("projects:opinion_request_withdraw", args=[request.pk])).text
    assert "La commune n’aura plus à répondre." in back


def test_an_answer_takes_one_page(world, client):
    request = ask(world)
    client.force_login(world.mayor, BACKEND)
    assert request.project.title in client.get(reverse("projects:opinions_mine")).content.decode()
    said = client.get(request.get_absolute_url()).content.decode()
    assert f"retirer cet avis jusqu’au {date_fr(request.due_on)}, et encore après tant que le texte" in said
    assert "Une fois la décision prise, il ne se retire plus." in said
    assert "jusqu’au" not in rules.withdrawal_said(request.due_on, request.due_on + timedelta(days=1))
    assert client.post(request.get_absolute_url(), {"position": "reserved"}).status_code == 422
    assert client.post(request.get_absolute_url(), {"position": "favourable"}).status_code == 302
    assert list(awaited_from(world.fresh(world.mayor), world.epci, timezone.localdate())) == []


def test_who_answers_after_the_delay_reads_that_it_is_still_accepted_and_it_is(world, client):
    late = "Un avis rendu après le délai est encore accepté"
    request = ask(world, on=timezone.localdate() - timedelta(days=60))
    for person, reads in ((world.mayor, True), (world.coordinator, True), (world.councillor, False)):
        client.force_login(person, BACKEND)
        assert (late in client.get(request.get_absolute_url()).content.decode()) == reads
    client.force_login(world.mayor, BACKEND)
    assert client.post(request.get_absolute_url(), {"position": "favourable"}).status_code == 302
    given = client.get(request.get_absolute_url()).content.decode()
    assert ", après le délai" in given and late not in given
    assert not rules.lateness_said(request.due_on, request.due_on)


def test_somebody_else_may_not_answer_by_posting(world, client):
    request = ask(world)
    client.force_login(world.agent, BACKEND)
    assert client.post(request.get_absolute_url(), {"position": "favourable"}).status_code == 403


def test_the_opinions_are_in_the_file_of_those_who_decide(world, client):
    answer(world, ask(world), position="unfavourable", words="Le lac est saturé.")
    client.force_login(world.coordinator, BACKEND)
    for name in ("detail", "review", "opinions"):
        assert "Le lac est saturé." in client.get(reverse(f"projects:{name}", args=[world.project.pk])).content.decode()


@pytest.mark.parametrize("name", ["opinions", "opinions_mine"])
def test_lists_of_opinions_keep_their_number_of_queries(world, client, name):
    client.force_login(world.mayor, BACKEND)
    address = reverse(f"projects:{name}", args=[world.project.pk] if name == "opinions" else [])

    def queries(more):
        for _ in range(more):
            make_opinion_request(world.project, commune=world.commune)
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    queries(3)
    assert queries(0) == queries(5)


def test_silence_words_are_those_of_the_rules():
    assert set(OpinionRequest.Silence.values) == {one.value for one in Silence}


def test_an_opinion_awaited_says_what_its_silence_is_worth_in_plain_words(world):
    request = ask(world, on=MONDAY, commune=world.commune)
    told = line_of(request, MONDAY).when
    assert told.endswith("sans réponse, aucun avis n’est réputé donné")
    assert set(SILENCE_TOLD) == set(OpinionRequest.Silence.values)
