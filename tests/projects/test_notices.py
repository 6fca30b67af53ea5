"""What people are told: with the fact, after a moment of grace, once, and nothing that was undone."""

from __future__ import annotations

from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cooperation import letters
from cooperation.letters import next_try
from partners.models import Role, User
from projects.debate import services as debate
from projects.deliberation.act_services import publish_decisions
from projects.models import Decision, Letter, Notice, Project, Publication, Status
from projects.notices import posting, services
from projects.notices.kinds import GRACE, KINDS, Pace, due_at
from projects.notices.reads import told_to, unread_of
from projects.proposals import services as proposals
from projects.review.services import give_verdict
from projects.seal import guards
from tests.factories import (
    make_actor,
    make_agent,
    make_contribution,
    make_coordinator,
    make_epci,
    make_member,
    make_notice,
    make_partner,
    make_project,
)

PARIS = ZoneInfo("Europe/Paris")


class World:
    """A project submitted by an agent, a coordinator who instructs it, a relay person of one of its actors."""

    def __init__(self):
        self.epci = make_epci()
        self.agent = make_agent(self.epci)
        self.coordinator = make_coordinator(self.epci)
        self.partner = make_partner(self.epci)
        self.relay = make_member(self.epci, Role.RELAY, "Odile Vasseur", partner=self.partner)
        self.project = make_project(self.epci, author=self.agent, status=Status.DRAFT)
        self.actor = make_actor(self.project, str(self.partner), partner=self.partner)

    def submit(self):
        return proposals.move(project=self.project, name="submit", by=self.agent)


@pytest.fixture
def world(db):
    return World()


def told(person):
    return [(notice.kind, notice.fact.partition(":")[0]) for notice in Notice.objects.filter(person=person)]


def later(**delta):
    return timezone.now() + timedelta(**delta)


def after_grace():
    return timezone.now() + GRACE + timedelta(seconds=1)


def subjects():
    return [(message.to, message.subject) for message in mail.outbox]


def test_a_submission_is_told_to_the_coordination_and_not_to_its_author(world):
    world.submit()
    assert told(world.coordinator) == [("submitted", "move")]
    assert told(world.agent) == told(world.relay) == []


def test_what_comes_back_completed_is_told_as_such_and_not_as_a_new_submission(world, client):
    world.submit()
    give_verdict(project=world.project, name="return", by=world.coordinator, reason="Précisez le lieu.")
    world.submit()
    assert told(world.coordinator)[0] == ("sent_again", "move")
    client.force_login(world.agent, "allauth.account.auth_backends.AuthenticationBackend")
    for page in (reverse("projects:detail", args=[world.project.pk]), reverse("projects:home")):
        assert client.get(page).text.count("Complété et renvoyé") == 1


def test_a_fact_that_is_rolled_back_was_never_told(world):
    with transaction.atomic():
        world.submit()
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


def test_the_author_is_told_what_to_complete_and_of_each_step(world):
    world.submit()
    give_verdict(project=world.project, name="return", by=world.coordinator, reason="Précisez le lieu.")
    assert told(world.agent) == [("to_complete", "move")]
    world.submit()
    give_verdict(project=world.project, name="accept", by=world.coordinator)
    assert Notice.objects.filter(person=world.agent).first().sentence == (
        "Votre projet est maintenant à l’étape « En instruction »."
    )


def test_nothing_of_what_anybody_wrote_is_in_a_notice(world):
    world.submit()
    give_verdict(project=world.project, name="return", by=world.coordinator, reason="MOTIF-CANARI")
    said = debate.contribute(
        project=accepted(world),
        by=world.relay,
        organisation=str(world.partner),
        kind="testimony",
        text="TEXTE-CANARI",
        now=timezone.now(),
    )
    posting.post(later(days=2))
    assert said.pk and mail.outbox
    everything = "".join(message.subject + message.body for message in mail.outbox)
    everything += "".join(f"{one.detail}{one.sentence}" for one in Notice.objects.all())
    assert "CANARI" not in everything


def accepted(world):
    """The project once it is admissible: everybody concerned sees it."""
    Project.objects.filter(pk=world.project.pk).update(status=Status.UNDER_REVIEW, submitted_at=timezone.now())
    world.project.refresh_from_db()
    return world.project


def test_in_a_debate_the_author_the_one_answered_and_those_cited_are_told_once_each(world):
    project = accepted(world)
    first = make_contribution(project, author=world.relay)
    assert told(world.agent) == [("spoken", "contribution")]
    assert "a pris la parole sur votre projet" in KINDS["spoken"].told
    debate.contribute(
        project=project,
        by=world.coordinator,
        organisation=str(world.epci),
        kind="answer",
        text="Nous en parlons lundi.",
        now=timezone.now(),
        parent=first,
        mentions=[world.actor],
    )
    assert sorted(told(world.relay)) == [("answered", "contribution"), ("mentioned", "contribution")]
    assert len(told(world.agent)) == 2
    assert told(world.coordinator) == []


def test_a_new_wording_asks_those_who_speak_for_the_actors(world):
    project = accepted(world)
    proposals.endorse(actor=world.actor, endorses=True, by=world.relay, on=timezone.localdate())
    proposals.ask_endorsements_again(project, "Un autre objectif", why="Plus clair", by=world.agent)
    assert told(world.relay) == [("endorse", "objective")]


def test_those_who_are_named_are_asked_to_answer_once_the_project_is_admissible(world):
    world.submit()
    assert told(world.relay) == []
    give_verdict(project=world.project, name="accept", by=world.coordinator)
    assert told(world.relay) == [("named", "named")]
    assert posting.post(after_grace()).sent == 1  # the author is told the next morning
    assert "Dire si vous partagez son objectif" in mail.outbox[0].body


def test_what_is_published_is_told_and_not_before(demo_territory):
    with transaction.atomic():
        guards.remove(connection)
        publication = Publication.objects.filter(session__items__decision__isnull=False).first()
        session = publication.session
        Publication._base_manager.filter(pk=publication.pk)._raw_delete("default")
        assert not Notice.objects.exists()
        publish_decisions(session=session, by=User.objects.get(email="dgs@ccvo.example"), now=timezone.now())
        decided = Notice.objects.filter(kind="decided")
        assert {int(one.fact.partition(":")[2]) for one in decided} <= set(
            Decision.objects.filter(item__session=session).values_list("pk", flat=True)
        )
        assert decided.exists()
        transaction.set_rollback(True)


def test_a_letter_waits_for_its_grace(world):
    world.submit()
    assert posting.post(later(minutes=9)).sent == 0
    assert posting.post(after_grace()).sent == 1
    [message] = mail.outbox
    assert message.to == [world.coordinator.email]
    assert message.subject == f"Dire s’il est recevable : {world.project.title}"
    assert reverse("projects:review", args=[world.project.pk]) in message.body


def test_what_was_undone_within_the_grace_is_never_sent_nor_shown(world):
    world.submit()
    proposals.move(project=world.project, name="withdraw", by=world.agent, reason="Une erreur.")
    assert posting.post(after_grace()).sent == 0
    assert [one.kind for one in Notice.objects.readable_by(world.coordinator)] == ["taken_back"]


def test_a_contribution_hidden_meanwhile_is_not_told(world):
    project = accepted(world)
    said = make_contribution(project, author=world.relay)
    debate.hide(contribution=said, by=world.coordinator, reason="Vise une personne.", now=timezone.now())
    assert posting.post(later(days=2)).sent == 0
    assert not Notice.objects.readable_by(world.agent).exists()


def test_what_was_read_in_the_application_is_not_mailed(world):
    world.submit()
    services.mark_read(notice=Notice.objects.get(), now=timezone.now())
    assert posting.post(after_grace()).sent == 0


def test_a_letter_that_nothing_is_left_to_say_in_never_leaves(world):
    world.submit()
    posting.settle(after_grace())
    proposals.move(project=world.project, name="withdraw", by=world.agent, reason="Une erreur.")
    assert (posting.post(after_grace()).dropped, len(mail.outbox)) == (1, 0)
    assert not Letter.objects.filter(notices__isnull=True).exists()


def test_nobody_is_told_of_what_they_may_not_see(world):
    project = accepted(world)
    make_contribution(project, author=world.relay)
    stranger = make_agent(make_epci(1), "Une autre")
    Notice.objects.update(person=stranger)
    assert posting.post(later(days=2)).sent == 0
    assert not Notice.objects.readable_by(stranger).exists()


def test_what_happens_in_a_day_makes_one_letter_by_project(world):
    project = accepted(world)
    for _ in range(3):
        make_contribution(project, author=world.relay)
    assert posting.post(later(days=2)).sent == 1
    [message] = mail.outbox
    assert message.subject == "3 nouvelles de vos projets"
    assert message.body.count(project.reference) == 1


def test_the_pace_that_a_person_chose_is_kept(world):
    services.choose_paces(by=world.coordinator, paces={"submitted": Pace.NEVER})
    world.submit()
    assert posting.post(later(days=2)).sent == 0
    assert Notice.objects.readable_by(world.coordinator).exists()


class Down(EmailBackend):
    """A mail server that takes nothing, until it does."""

    is_down = True

    def send_messages(self, messages):
        if Down.is_down:
            raise SMTPServerDisconnected("no")
        return super().send_messages(messages)


def test_no_letter_is_lost_when_the_server_is_down_nor_sent_twice_when_it_comes_back(world, settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Down"
    monkeypatch.setattr(Down, "is_down", True)
    world.submit()
    now = after_grace()
    assert posting.post(now).waiting == 1
    assert posting.post(now).waiting == 0  # not before its next try
    monkeypatch.setattr(Down, "is_down", False)
    assert posting.post(now + timedelta(minutes=2)).sent == 1
    assert posting.post(now + timedelta(days=1)).sent == 0
    assert len(mail.outbox) == 1


class Unknown(EmailBackend):
    """A mail server that knows none of those to whom it is asked to write, until they are known."""

    is_unknown = True

    def send_messages(self, messages):
        if Unknown.is_unknown:
            raise SMTPRecipientsRefused({one.to[0]: (550, b"5.1.1 unknown") for one in messages})
        return super().send_messages(messages)


def test_an_address_refused_for_good_is_told_to_who_may_have_it_put_right_and_asked_for_again(
    world, settings, monkeypatch, client
):
    settings.EMAIL_BACKEND = f"{__name__}.Unknown"
    monkeypatch.setattr(Unknown, "is_unknown", True)
    world.submit()
    assert posting.post(after_grace()).refused == 1
    assert posting.post(later(days=2)).waiting == 0
    told = f"L’adresse {world.coordinator.email} est refusée par son serveur de messagerie. En attente : 1 courriel."
    watched, again = (
        reverse("projects:notice_paces"),
        reverse("projects:notice_send_again", args=[world.coordinator.pk]),
    )
    watchers = [world.coordinator, make_member(world.epci, Role.ADMINISTRATOR, "Ida Roux")]
    for person in watchers:
        client.force_login(person, "allauth.account.auth_backends.AuthenticationBackend")
        for page in (watched, "/"):
            assert told in client.get(page).text.replace("\u00a0", " "), (person, page)
    client.force_login(world.agent, "allauth.account.auth_backends.AuthenticationBackend")
    assert all("est refusée" not in client.get(page).text for page in (watched, "/"))
    assert client.post(again).status_code == 404  # not hers to look after
    client.force_login(watchers[1], "allauth.account.auth_backends.AuthenticationBackend")
    assert "partent de nouveau" in client.post(again, follow=True).text
    assert "il n’y a rien à envoyer" in client.post(again, follow=True).text
    monkeypatch.setattr(Unknown, "is_unknown", False)
    assert posting.post(later(days=2)).sent == 1
    assert "est refusée" not in client.get(watched).text


def test_a_process_that_dies_after_the_server_took_the_letter_sends_the_same_one_again(world, monkeypatch):
    world.submit()
    now = after_grace()
    with monkeypatch.context() as dying:
        dying.setattr(letters, "hand_over", lambda letter, message, now, server: message.send())
        posting.post(now)
    posting.post(now + timedelta(minutes=2))
    first, second = mail.outbox
    assert first.extra_headers["Message-ID"] == second.extra_headers["Message-ID"]


def test_two_processes_at_once_send_one_letter(world):
    """Both have read the row; one statement decides between them."""
    world.submit()
    now = after_grace()
    posting.settle(now)
    mine, theirs = Letter.objects.get(), Letter.objects.get()
    assert [letters.claim(mine, now), letters.claim(theirs, now)] == [True, False]


def test_a_past_that_is_written_down_is_no_news(world):
    with services.silence():
        world.submit()
    assert not Notice.objects.exists()


def test_the_demo_begins_without_news(demo_territory):
    assert not Notice.objects.exists()


def test_old_notices_go_and_an_erased_account_takes_its_own(world):
    world.submit()
    posting.post(after_grace())
    assert services.forget(later(days=170)) == 0
    assert services.forget(later(days=181)) == 1
    assert not Letter.objects.exists()
    world.project.refresh_from_db()
    give_verdict(project=world.project, name="return", by=world.coordinator, reason="Le lieu ?")
    Project.objects.update(author=None)
    world.agent.memberships.all().delete()
    world.agent.delete()
    assert not Notice.objects.exists()


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2027, 12, 31), timezones=st.just(PARIS)))
def test_a_daily_letter_leaves_in_the_morning_after_its_grace_and_within_a_day(now):
    due = due_at(Pace.DAILY, now)
    assert (due.hour, due.minute) == (7, 0)
    assert now + GRACE <= due < now + GRACE + timedelta(days=1, hours=1)  # an hour more when the clocks change


@given(st.integers(0, 60))
def test_tries_are_further_and_further_apart_and_never_more_than_six_hours(attempts):
    now = timezone.now()
    assert timedelta(minutes=1) <= next_try(attempts, now) - now <= timedelta(hours=6)


@pytest.mark.parametrize("kind", KINDS.values(), ids=str)
def test_every_kind_reads_as_a_sentence_and_says_its_act(kind):
    sentence = kind.told.format(detail="La CAF")
    assert sentence[0].isupper() and sentence.endswith(".")
    assert kind.act[0].isupper() and not kind.act.endswith(".")


def test_the_page_shows_what_is_to_read_and_follows_it(world, client):
    world.submit()
    client.force_login(world.coordinator, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("projects:notices")).content.decode()
    assert "Ce projet vient d’être déposé." in page and "1 à lire" in page
    notice = Notice.objects.get()
    answer = client.post(reverse("projects:notice_open", args=[notice.pk]))
    assert answer.url == reverse("projects:review", args=[world.project.pk])
    assert "Vous avez tout lu" in client.get(reverse("projects:notices")).content.decode()


def test_nobody_opens_the_notice_of_another(world, client):
    world.submit()
    client.force_login(world.agent, "allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(reverse("projects:notice_open", args=[Notice.objects.get().pk])).status_code == 404


def test_the_paces_are_chosen_on_their_page_and_an_unknown_one_is_refused(world, client):
    client.force_login(world.agent, "allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("projects:notice_paces")
    chosen = dict.fromkeys(KINDS, "daily")
    page = client.get(address)
    asked = [field.name for _, fields in page.context["form"].groups() for field in fields]
    assert sorted(asked) == sorted(page.context["form"].fields)  # each choice stands under one heading
    assert "<h2>Les réunions</h2>" in page.content.decode()
    assert client.post(address, chosen | {"moved": "hourly"}).status_code == 422
    assert client.post(address, chosen).status_code == 302
    assert set(services.paces_of([world.agent.pk], "moved").values()) == {Pace.DAILY}


def test_the_page_asks_the_same_number_of_questions_for_three_notices_and_for_thirty(world, client):
    client.force_login(world.agent, "allauth.account.auth_backends.AuthenticationBackend")
    project = accepted(world)

    def count():
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("projects:notices"))
        return len(queries)

    for _ in range(3):
        make_contribution(project, author=world.relay)
    before = count()
    for _ in range(27):
        make_contribution(project, author=world.relay)
    assert count() == before


@pytest.mark.parametrize("hidden", [0, 7, 210])
def test_what_is_to_read_is_counted_up_to_a_hundred_and_only_what_may_be_seen(world, hidden):
    """The latest notices are about what the person may not see; the figure is that of the naive reading."""
    seen, unseen = accepted(world), make_project(world.epci, author=world.coordinator)
    Notice.objects.all().delete()
    tell(world.agent, unseen, hidden, happened_at=later(minutes=1))
    for more, shown in ((0, ""), (3, "3"), (96, "99"), (1, "99+"), (150, "99+")):
        tell(world.agent, seen, more)
        naive, page = Notice.objects.readable_by(world.agent).unread(), told_to(world.agent)
        assert unread_of(world.agent) == shown == ("99+" if naive.count() > 99 else str(naive.count() or ""))
        assert (page.waiting, page.unread) == (shown.replace("99+", "Plus de 99"), list(naive[:50]))


def tell(person, project, times, **fields):
    for _ in range(times):
        make_notice(person, project, **fields)


def test_however_many_are_to_read_they_are_counted_in_two_questions(world):
    project = accepted(world)
    for _ in range(2):
        tell(world.agent, project, 150)
        with CaptureQueriesContext(connection) as queries:
            unread_of(User.objects.get(pk=world.agent.pk))
        assert sum('FROM "projects_' in query["sql"] for query in queries) == 2
