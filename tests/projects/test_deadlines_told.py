"""What comes due is told by the same letters as the rest: opinions, actions, councils; once, and no more when done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from smtplib import SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone

from cooperation.workdays import add_working_days
from partners.models import Role
from projects.followup import services as followup
from projects.followup.rules import Call, call_on
from projects.models import Notice, OpinionReminder, Project, Status
from projects.notices import posting
from projects.notices.kinds import GRACE, is_dawn
from projects.notices.reminding import remind
from projects.opinions import services as opinions
from territories.models import Answer, Consultation
from tests.factories import (
    make_action,
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
PARIS = ZoneInfo("Europe/Paris")


class World:
    """A project under way, a commune with its mayor, a partner with its relay person, and a coordinator."""

    def __init__(self):
        self.epci = make_epci(department_code="35")
        self.commune = make_commune(self.epci)
        self.partner = make_partner(self.epci)
        self.coordinator = make_coordinator(self.epci)
        self.agent = make_agent(self.epci)
        self.mayor = make_member(self.epci, Role.ELECTED, "Patrick Oudinet", commune=self.commune)
        self.relay = make_member(self.epci, Role.RELAY, "Amandine Cazes", partner=self.partner)
        self.project = make_project(self.epci, author=self.agent, status=Status.IN_PROGRESS)
        self.now = timezone.now()
        self.today = timezone.localdate(self.now)

    def action(self, **fields):
        past = self.today - timedelta(days=60)
        return make_action(self.project, **({"decided_on": past, "due_on": self.today} | fields))

    def consult(self, *, days, notified=True):
        consultation = Consultation.objects.create(
            intercommunality=self.epci, procedure_code="transfer", title="Transfert de la petite enfance"
        )
        return Answer.objects.create(
            intercommunality=self.epci,
            consultation=consultation,
            commune=self.commune,
            inhabitants=100,
            municipal_inhabitants=100,
            notified_on=self.today - timedelta(days=60) if notified else None,
            due_on=self.today + timedelta(days=days) if notified else None,
        )


def told(person):
    return sorted(Notice.objects.filter(person=person).values_list("kind", flat=True))


def post(world, **later):
    return posting.post(world.now + GRACE + timedelta(seconds=30, **later))


# --- Opinions --------------------------------------------------------------------------------------------------------


def ask(world):
    return opinions.ask(
        project=world.project,
        by=world.coordinator,
        on=world.today,
        question="?",
        working_days=10,
        commune=world.commune,
    )


def test_an_opinion_asked_is_told_by_one_letter_that_leads_to_its_page(world):
    request = ask(world)
    assert told(world.mayor) == ["opinion"]
    assert post(world).sent == 1
    [letter] = mail.outbox
    assert letter.to == [world.mayor.email]
    assert letter.subject == f"Donner cet avis : {world.project.title}"
    assert request.get_absolute_url() in letter.body
    assert post(world, days=1).sent == 0


def test_a_question_taken_back_within_the_grace_is_told_to_nobody(world):
    request = ask(world)
    opinions.withdraw_request(request=request, by=world.coordinator, on=world.today, reason="Erreur")
    assert post(world).sent == 0


def test_opening_the_page_reads_the_notice_and_no_letter_leaves(world, client):
    request = ask(world)
    client.force_login(world.mayor, BACKEND)
    client.get(request.get_absolute_url())
    assert not Notice.objects.unread().exists()
    assert post(world).sent == 0


def test_an_opinion_still_awaited_is_called_twice_and_an_opinion_given_no_more(world):
    request = make_opinion_request(world.project, commune=world.commune, asked_on=world.today - timedelta(days=30))
    for ahead, kind in ((5, "opinion_soon"), (1, "opinion_due")):
        due = add_working_days(world.today, ahead, "35")
        type(request).objects.filter(pk=request.pk).update(due_on=due)
        remind(world.now)
        remind(world.now)
        assert kind in told(world.mayor)
    assert told(world.mayor) == ["opinion_due", "opinion_soon"]
    make_opinion(request, by=world.mayor)
    assert post(world, days=2).sent == 0


def test_who_saw_a_reminder_is_known_even_when_the_mail_server_took_nothing(world, settings, client):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    request = ask(world)
    assert post(world).waiting == 1
    client.force_login(world.mayor, BACKEND)
    client.get(request.get_absolute_url())
    assert OpinionReminder.objects.get(person=world.mayor).seen_at is not None
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (post(world, days=1).sent, len(mail.outbox)) == (0, 0)  # it was read meanwhile: nothing is left to say


class Down(EmailBackend):
    def send_messages(self, messages):
        raise SMTPServerDisconnected("no")


def test_a_reminder_is_not_lost_when_the_mail_server_is_down(world, settings):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    world.action(person=world.agent)
    assert post(world).waiting == 1
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert post(world, days=1).sent == 1
    assert post(world, days=2).sent == 0


# --- Actions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("whom", ["person", "commune", "partner"])
def test_an_action_is_told_to_whoever_is_in_charge_and_closed_in_a_minute(world, client, whom):
    given = {"person": world.agent, "commune": world.commune, "partner": world.partner}[whom]
    reader = {"person": world.agent, "commune": world.mayor, "partner": world.relay}[whom]
    said = {"text": "Signer la convention", "due_on": world.today + timedelta(days=40), "decided_on": world.today}
    if whom == "partner":
        world.project.actors.filter(leads=False).update(partner=world.partner)  # hence sees the project
    if whom == "commune":
        world.project.communes.add(world.commune)
    action = followup.decide_action(project=world.project, by=world.coordinator, **said, **{whom: given})
    assert told(reader) == ["to_do"]
    assert post(world).sent == 1
    address = reverse("projects:action_close", args=[world.project.pk, action.pk])
    assert address in mail.outbox[0].body
    client.force_login(reader, BACKEND)
    assert client.post(address, {"outcome": "done", "words": "C’est signé."}).status_code == 302


def test_nobody_is_told_of_the_action_that_they_gave_themselves(world):
    said = {"text": "Signer", "due_on": world.today, "decided_on": world.today, "person": world.coordinator}
    followup.decide_action(project=world.project, by=world.coordinator, **said)
    assert told(world.coordinator) == []


def test_an_action_near_and_then_late_is_called_once_each(world):
    action = world.action(person=world.agent)
    remind(world.now)
    remind(world.now + timedelta(days=1))
    remind(world.now + timedelta(days=2))
    assert told(world.agent) == ["action_late", "action_soon", "to_do"]
    assert Notice.objects.get(kind="action_late").fact == f"action:{action.pk}"


def test_an_action_that_is_done_meanwhile_is_not_called(world):
    action = world.action(person=world.agent, due_on=world.today - timedelta(days=1))
    remind(world.now)
    followup.close_action(action=action, by=world.agent, on=world.today, is_done=True)
    assert post(world, days=1).sent == 0
    remind(world.now + timedelta(days=3))
    assert Notice.objects.filter(kind="action_late").count() == 1


def test_what_nobody_with_an_account_is_in_charge_of_is_told_to_the_coordination(world):
    world.action(due_on=world.today - timedelta(days=1))
    remind(world.now)
    assert told(world.coordinator) == ["action_late"]


def test_nothing_is_called_on_a_project_that_was_given_up(world):
    world.action(person=world.agent)
    Project.objects.update(status=Status.ABANDONED)
    remind(world.now)
    assert told(world.agent) == ["to_do"]


@pytest.mark.parametrize(
    ("day", "call"),
    [
        (date(2026, 11, 10), None),
        (date(2026, 11, 12), Call.SOON),
        (date(2026, 11, 19), Call.SOON),
        (date(2026, 11, 20), Call.LATE),
    ],
)
def test_the_day_that_was_agreed_is_included_and_the_armistice_is_no_working_day(day, call):
    assert call_on(day, due_on=date(2026, 11, 19)) == call


# --- Councils --------------------------------------------------------------------------------------------------------


def test_a_council_that_is_notified_is_told_to_the_people_of_its_commune(world):
    councillor = make_member(world.epci, Role.COUNCILLOR, "Jeanne Roche", commune=world.commune)
    answer = world.consult(days=40)
    assert told(world.mayor) == told(councillor) == ["council"]
    assert told(world.relay) == told(world.agent) == []
    sentence = Notice.objects.filter(kind="council").first().sentence
    assert sentence.startswith("Votre conseil municipal est consulté : Bréauval répond jusqu’au")
    assert sentence.endswith("passé ce jour, le silence vaut accord.")
    assert post(world).sent == 2
    assert answer.consultation.get_absolute_url() in mail.outbox[0].body


def test_a_council_is_called_three_weeks_ahead_and_by_the_coordination_once_a_day(world):
    answer = world.consult(days=21)
    remind(world.now - timedelta(days=1))
    assert told(world.mayor) == ["council"]
    remind(world.now)
    remind(world.now)
    assert told(world.mayor) == ["council", "council_soon"]
    for _ in range(2):
        answer.reminded_on = world.today
        answer.save()
    assert told(world.mayor) == ["council", "council_soon", "council_soon"]


def test_a_council_that_answered_or_whose_deadline_moved_is_not_called(world):
    answer = world.consult(days=10)
    answer.due_on = world.today + timedelta(days=30)
    answer.save()
    assert post(world).sent == 1
    assert mail.outbox[0].body.count("Votre conseil municipal") == 1  # the new deadline alone
    answer.position, answer.deliberated_on = "favourable", world.today
    answer.save()
    remind(world.now + timedelta(days=15))
    assert told(world.mayor) == ["council", "council"]


def test_who_left_the_commune_is_not_written_to(world):
    world.consult(days=40)
    world.mayor.memberships.update(ends_on=world.today - timedelta(days=1))
    assert post(world).sent == 0


def test_a_commune_that_is_not_notified_yet_is_told_nothing(world):
    world.consult(days=40, notified=False)
    remind(world.now)
    assert told(world.mayor) == []


# --- When ------------------------------------------------------------------------------------------------------------


def test_what_comes_due_is_told_from_dawn_on_once_a_day_before_the_daily_letter():
    at = lambda hour: datetime(2026, 11, 16, hour, tzinfo=PARIS)  # noqa: E731
    assert not is_dawn(at(5), None)
    assert is_dawn(at(6), None) and is_dawn(at(23), date(2026, 11, 15))
    assert not is_dawn(at(7), date(2026, 11, 16))


def test_the_command_reminds_and_sends(world, capsys):
    world.action(person=world.agent, due_on=world.today - timedelta(days=1))
    Notice.objects.update(due_at=world.now - timedelta(minutes=1))
    call_command("send_notices")
    assert told(world.agent) == ["action_late", "to_do"]
    assert len(mail.outbox) == 1
    assert "1 courriel parti," in capsys.readouterr().out
