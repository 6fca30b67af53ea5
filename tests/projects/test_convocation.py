"""A session is convened: everyone who sits is reached once, in the legal delay, and the proof stays."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from smtplib import SMTPRecipientsRefused, SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.html import strip_tags

from cooperation.french import date_fr
from partners.models import Body, ElectedMember, Seat
from partners.people.models import Role, User
from projects.ballots import services as live
from projects.briefing.papers import SessionCopies
from projects.convocation import posting, reads, rules, services
from projects.convocation.letters import write
from projects.convocation.models import Envelope, Mailing
from projects.convocation.recipients import unreached_in
from projects.deliberation import planning
from projects.deliberation import services as sessions
from projects.models import Minutes, Notice, Publication, Session, Status
from tests.factories import make_agent, make_commune, make_coordinator, make_epci, make_member, make_project

pytestmark = pytest.mark.django_db
DAY = date(2032, 3, 11)
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def at(day, hour=10):
    return timezone.make_aware(datetime.combine(day, time(hour)))


IN_TIME = at(DAY - timedelta(days=6))


@pytest.fixture
def epci():
    return make_epci(name="Val d’Orvelle")


@pytest.fixture
def clerk(epci):
    return make_coordinator(epci)


def an_elected(epci, commune, name, *, account=True):
    user = make_member(epci, Role.ELECTED, name) if account else None
    return ElectedMember.objects.create(intercommunality=epci, commune=commune, full_name=name, user=user)


@pytest.fixture
def session(epci, clerk):
    """A council to come: a chair and a member with an account, one without, a substitute, a councillor who reads."""
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    commune = make_commune(epci)
    chair, other = (an_elected(epci, commune, name) for name in ("Hélène", "Luc"))
    paper = an_elected(epci, commune, "Ali", account=False)
    substitute = an_elected(epci, commune, "Odile")
    Seat.objects.create(body=body, member=chair, is_chair=True, rank=0)
    Seat.objects.create(body=body, member=other, substitute=substitute, rank=1)
    Seat.objects.create(body=body, member=paper, rank=2)
    Seat.objects.create(body=body, member=an_elected(epci, commune, "Ancien"), ends_on=DAY - timedelta(days=1))
    make_member(epci, Role.COUNCILLOR, "Jeanne", commune=commune)
    held = Session.objects.create(
        intercommunality=epci, body=body, held_on=DAY, held_at=time(18, 30), place="Salle des fêtes"
    )
    an_item(held, clerk, "Relais itinérant")
    return held


def an_item(session, clerk, title="Bus des jeunes"):
    project = make_project(session.intercommunality, title=title, status=Status.UNDER_REVIEW, oriented=True)
    return sessions.add_item(session=session, project=project, by=clerk, minutes_planned=45)


def convened(session, clerk, now=IN_TIME, **told):
    return services.convene(session=session, by=clerk, now=now, **told)


def letters():
    return {one.to[0]: one for one in mail.outbox}


def letter_to(name):
    envelope = Envelope.objects.filter(name=name, person__isnull=False).latest("pk")
    return letters()[envelope.person.email]


def calendar_of(message):
    part = message.attachments[0]
    assert part.get_content_type() == "text/calendar" and part.get_filename() == "seance.ics"
    return part.get_param("method"), part.get_payload(decode=True).decode().replace("\r\n ", "")


def test_everyone_who_sits_is_reached_by_mail_or_listed_to_be_convened_on_paper(session, clerk, epci):
    make_member(epci, Role.ELECTED, "Paul", commune=make_commune(epci))  # in a council, not in the body
    mailing = convened(session, clerk)
    told = {one.name: (one.capacity, one.way) for one in mailing.envelopes.all()}
    assert told == {
        "Hélène": ("member", "mail"),
        "Luc": ("member", "mail"),
        "Odile": ("substitute", "mail"),
        "Ali": ("member", "paper"),
        "Jeanne": ("councillor", "mail"),
        "Paul": ("councillor", "mail"),
    }
    assert Session.objects.get(pk=session.pk).state == Session.State.CONVENED
    posted = posting.post(IN_TIME)
    assert (posted.sent, posted.waiting, len(mail.outbox)) == (5, 0, 5)


def test_the_mail_tells_the_day_the_place_the_agenda_and_the_file_of_each_item(session, clerk, settings):
    convened(session, clerk)
    posting.post(IN_TIME)
    letter, item = letter_to("Hélène"), session.items.get()
    assert letter.subject.replace("\u00a0", " ") == "Convocation : Conseil, 11 mars 2032"
    words = letter.body.replace("\u00a0", " ")
    for told in (
        "11 mars 2032 à 18 h 30", "Salle des fêtes", "1. Relais itinérant", f"/seances/points/{item.pk}/",
        f"/seances/{session.pk}/note-de-synthese/", settings.SITE_URL,
    ):  # fmt: skip
        assert told in words
    assert "suppléant" in letter_to("Odile").body and "Luc" in letter_to("Odile").body
    councillor = letter_to("Jeanne")
    assert "L. 5211-40-2" in councillor.body.replace("\u00a0", " ") and not councillor.attachments


def test_who_has_no_account_is_handed_a_letter_that_says_what_the_mails_say(session, clerk, client):
    convened(session, clerk)
    client.force_login(clerk, BACKEND)
    page = client.get(reverse("projects:convocation", args=[session.pk])).content.decode()
    address = reverse("projects:convocation_print", args=[session.pk])
    assert f'href="{address}" data-coop-prepare>Imprimer la lettre à remettre (PDF)' in page
    pdf = client.get(address)
    assert (pdf.status_code, pdf["Content-Type"]) == (200, "application/pdf")
    [part] = letters_of(session).parts
    words = strip_tags(part.html).replace("\u00a0", " ")
    for told in (
        "À l’attention de Ali", "Convocation", "Conseil, séance du 11 mars 2032",
        "Vous êtes convoqué·e à la séance suivante :", "18 h 30", "Salle des fêtes", "1. Relais itinérant", "Hélène",
        "Reçue le",
    ):  # fmt: skip
        assert told in words


def test_only_the_last_word_about_a_session_is_printed(session, clerk):
    assert not SessionCopies(session).is_open_to(clerk)  # nobody is convened yet
    convened(session, clerk)
    planning.change_session(session=session, values={"held_on": DAY + timedelta(days=1)}, by=clerk)
    convened(session, clerk)
    assert "Cette convocation remplace la précédente" in letters_of(session).parts[0].html
    services.call_off(session=session, reason="Salle inondée", by=clerk, now=IN_TIME)
    [part] = letters_of(session).parts
    assert "La séance suivante est annulée" in part.html and "Salle inondée" in part.html
    assert "Ordre du jour" not in part.html
    assert not SessionCopies(session).is_open_to(make_agent(session.intercommunality))


def letters_of(session):
    return SessionCopies(Session.objects.get(pk=session.pk)).write(None, DAY).document


def test_the_appointment_is_moved_then_crossed_out_under_the_same_uid(session, clerk):
    convened(session, clerk)
    posting.post(IN_TIME)
    method, first = calendar_of(letter_to("Luc"))
    assert method == "REQUEST" and "METHOD:REQUEST" in first and "SEQUENCE:0" in first
    assert "DTSTART:20320311T173000Z" in first and "DTEND:20320311T181500Z" in first
    assert f"ATTENDEE;ROLE=REQ-PARTICIPANT:mailto:{letter_to('Luc').to[0]}" in first
    assert first.count("ATTENDEE") == 1  # nobody is told the addresses of the others
    uid = next(line for line in first.splitlines() if line.startswith("UID:"))
    mail.outbox.clear()
    planning.change_session(session=session, values={"held_on": DAY + timedelta(days=1)}, by=clerk)
    assert convened(session, clerk).number == 1
    posting.post(IN_TIME)
    _, moved = calendar_of(letter_to("Luc"))
    assert uid in moved and "SEQUENCE:1" in moved and "DTSTART:20320312" in moved
    assert "Nouvelle convocation" in letter_to("Luc").subject and "remplace la précédente" in letter_to("Luc").body
    mail.outbox.clear()
    services.call_off(session=session, reason="Salle inondée", by=clerk, now=IN_TIME)
    posting.post(IN_TIME)
    method, crossed = calendar_of(letter_to("Luc"))
    assert method == "CANCEL" and uid in crossed and "SEQUENCE:2" in crossed and "STATUS:CANCELLED" in crossed
    assert "Salle inondée" in letter_to("Luc").body and len(mail.outbox) == 4


def test_nothing_is_lost_when_the_server_is_down_and_nothing_leaves_twice(session, clerk, monkeypatch):
    convened(session, clerk)
    with monkeypatch.context() as down:

        def refuse(self, *args, **kwargs):
            raise SMTPServerDisconnected("down")

        down.setattr("django.core.mail.EmailMessage.send", refuse)
        assert posting.post(IN_TIME).waiting == 4
    later = IN_TIME + timedelta(minutes=5)
    # The one that was being sent waits a little; the others were not tried, and leave as soon as the server is back.
    assert [posting.post(now).sent for now in (IN_TIME, later, later + timedelta(days=1))] == [3, 1, 0]
    ids = [one.extra_headers["Message-ID"] for one in mail.outbox]
    assert sorted(ids) == sorted(Envelope.objects.filter(way="mail").values_list("message_id", flat=True))


def test_the_clerk_is_told_of_an_address_that_is_refused_and_sends_again(session, clerk, client, monkeypatch):
    mailing = convened(session, clerk)
    with monkeypatch.context() as unknown:

        def refuse(self, *args, **kwargs):
            raise SMTPRecipientsRefused({self.to[0]: (550, b"5.1.1 unknown")})

        unknown.setattr("django.core.mail.EmailMessage.send", refuse)
        assert posting.post(IN_TIME).refused == 4
    assert posting.post(IN_TIME + timedelta(days=1)).waiting == 0
    [_, home] = told_at_home(client, clerk, calls_only=True)
    assert "4 convocations ne sont pas parties, à une adresse refusée" in home
    page = client.get(f"/seances/{session.pk}/convocation/").text.replace("\u00a0", " ")
    assert page.count("l’adresse est refusée par son serveur de messagerie") == 4
    assert "Adresse refusée par le serveur de messagerie : " in page
    again = reverse("projects:mailing_send_again", args=[mailing.pk])
    assert "partent de nouveau dans la minute : 4" in client.post(again, follow=True).text.replace("\u00a0", " ")
    assert posting.post(timezone.now()).sent == 4
    assert "il n’y a rien à envoyer" in client.post(again, follow=True).text


def test_what_was_undone_before_it_left_never_leaves(session, clerk):
    first = convened(session, clerk)
    planning.change_session(session=session, values={"place": "Mairie"}, by=clerk)
    assert posting.post(IN_TIME).dropped == 4  # it would have told a place that is not the right one
    convened(session, clerk)
    services.call_off(session=session, reason="Reportée", by=clerk, now=IN_TIME)
    posting.post(IN_TIME)
    assert not mail.outbox  # nobody by mail ever knew; only the one on paper is to be told
    assert Envelope.objects.get(mailing__kind="cancellation").name == "Ali"
    assert first.envelopes.filter(dropped_at__isnull=False).count() == 4


def test_five_clear_days_or_an_emergency_with_its_reason_put_to_the_vote(session, clerk):
    late = at(DAY - timedelta(days=4))
    with pytest.raises(ValidationError, match="cinq jours francs"):
        convened(session, clerk, late)
    with pytest.raises(ValidationError, match="Même en urgence"):
        convened(session, clerk, at(DAY - timedelta(days=1)), urgency="La subvention expire.")
    assert not Mailing.objects.exists()
    convened(session, clerk, late, urgency="La subvention expire.")
    assert session.items.get().urgency.reason == "La subvention expire."
    posting.post(late)
    assert "convoquée en urgence\xa0: La subvention expire." in letter_to("Luc").body
    session.body.power = "advisory"
    session.body.save()
    assert rules.fault_of_convening(DAY, DAY, is_deciding=False, urgency="") == ""


def test_a_second_convocation_follows_a_delay_of_its_own(session, clerk):
    session.is_second_convocation = True
    session.save()
    assert "L. 2121-17" in reads.said_of_delay(session, DAY)
    assert convened(session, clerk, at(DAY - timedelta(days=2))).urgency == ""
    told = {"today": DAY, "held_on": DAY}
    assert "ne fixe pas de délai" in rules.said_of_delay(**told, is_deciding=False)
    assert "Même en urgence" in rules.said_of_delay(**told, is_deciding=True)


def test_nobody_is_convened_without_an_agenda_twice_or_by_somebody_else(session, clerk, epci):
    with pytest.raises(PermissionDenied):
        convened(session, make_agent(epci))
    convened(session, clerk)
    with pytest.raises(ValidationError, match="déjà convoqués"):
        convened(session, clerk)
    empty = Session.objects.create(intercommunality=epci, body=session.body, held_on=DAY + timedelta(days=30))
    with pytest.raises(ValidationError, match="ordre du jour est vide"):
        convened(empty, clerk)


def test_a_body_without_members_is_not_convened(client, session, clerk, epci):
    body = Body.objects.create(intercommunality=epci, kind="technical", name="COTECH", power="advisory")
    held = Session.objects.create(intercommunality=epci, body=body, held_on=DAY)
    an_item(held, clerk)
    client.force_login(clerk, BACKEND)
    address, refusal = reverse("projects:convocation", args=[held.pk]), "n’a aucun membre"
    page = client.get(address)
    assert refusal in page.text and "<h2>Convoquer les membres" not in page.text
    assert client.post(address).status_code == 422 and not held.mailings.exists()
    with pytest.raises(ValidationError, match=refusal):
        convened(held, clerk)
    Seat.objects.create(body=body, member=ElectedMember.objects.first())
    assert convened(held, clerk).envelopes.count() == 1


def test_a_change_after_the_convocation_is_said_and_convened_again(client, session, clerk):
    convened(session, clerk)
    added = an_item(session, clerk, "Bus des jeunes")
    client.force_login(clerk, BACKEND)
    page = client.get(f"/seances/{session.pk}/convocation/").text
    assert "Point ajouté après la convocation" in page and "Bus des jeunes" in page
    assert "Point ajouté après la convocation" in client.get(f"/seances/points/{added.pk}/").text
    assert convened(session, clerk).number == 1
    sessions.remove_item(item=added, by=clerk, reason="Retiré")
    assert "Point retiré après la convocation" in client.get(f"/seances/{session.pk}/convocation/").text
    planning.change_session(session=session, values={"place": "Mairie"}, by=clerk)
    assert "convoquez de nouveau les membres" in client.get(f"/seances/{session.pk}/convocation/").text


def test_the_page_of_the_clerk_proves_what_left_and_notes_what_was_handed_over(client, session, clerk):
    today = timezone.localdate()
    session.held_on = today + timedelta(days=30)
    session.save()
    client.force_login(clerk, BACKEND)
    address = f"/seances/{session.pk}/convocation/"
    assert "sur papier" in client.get(address).text
    client.post(address)
    posting.post(timezone.now())
    page = client.get(address).text
    assert "5 courriels partis sur 5, 0 remise sur papier sur 1" in page
    assert Envelope.objects.filter(way="mail").first().message_id in page.replace("&lt;", "<").replace("&gt;", ">")
    paper = Envelope.objects.get(way="paper")
    handed = f"/seances/envois/{paper.mailing_id}/remises/"
    assert "Cochez les convocations" in client.post(handed, {"on": today}, follow=True).text
    refused = client.post(handed, {"on": today + timedelta(days=1), "copies": [paper.pk]}, follow=True)
    assert "compris entre la convocation et aujourd’hui" in refused.text
    client.post(handed, {"on": today, "copies": [paper.pk]})
    assert "1 remise sur papier sur 1" in client.get(address).text


def test_what_has_not_left_and_what_left_too_late_is_told_to_the_clerk():
    days = [DAY - timedelta(days=6), DAY - timedelta(days=5), None]
    told = {"today": DAY - timedelta(days=7), "is_deciding": True, "urgent": False}
    waiting, late = (one.replace("\u00a0", " ") for one in reads.say_late(DAY, days, **told))
    assert waiting.endswith("remises : 1. Chacune doit l’être le 5 mars 2032 au plus tard.")
    assert late.endswith("qui finissait le 5 mars 2032 : 1.")
    assert "devait l’être" in reads.say_late(DAY, [None], **told | {"today": DAY})[0]
    assert not reads.say_late(DAY, [DAY - timedelta(days=2)], **told | {"urgent": True})
    assert not reads.say_late(DAY, [DAY], **told | {"is_deciding": False})


def test_those_convened_find_it_among_their_news_and_no_second_mail_leaves(session, clerk):
    convened(session, clerk)
    kinds = dict(Notice.objects.values_list("person__full_name", "kind"))
    assert kinds == {"Hélène": "convened", "Luc": "convened", "Odile": "convened", "Jeanne": "informed"}
    call_command("send_notices", verbosity=0)
    assert all("nouvelles" not in one.subject for one in mail.outbox)


def done(session):
    session.state = Session.State.CLOSED
    session.save()
    Publication.objects.create(
        intercommunality=session.intercommunality, session=session, published_at=at(DAY + timedelta(days=1))
    )


def test_the_councillors_receive_the_list_and_the_minutes_by_themselves_once_they_are_ready(session, clerk):
    convened(session, clerk)
    posting.post(IN_TIME)
    mail.outbox.clear()
    after = at(DAY + timedelta(days=1))
    assert posting.post(after).sent == 0
    done(session)
    assert posting.post(after).sent == 1 and posting.post(after).sent == 0
    assert f"/seances/{session.pk}/releve-de-decisions/" in letter_to("Jeanne").body
    Minutes.objects.create(
        intercommunality=session.intercommunality, session=session, chair="H", secretary="L", settled_on=DAY
    )
    assert posting.post(after).sent == 1
    assert f"/seances/{session.pk}/proces-verbal/fichier/" in letter_to("Jeanne").body


def test_a_session_not_convened_here_is_told_as_due_and_sent_when_the_clerk_says_so(client, session, clerk, epci):
    session.held_on = timezone.localdate() - timedelta(days=40)
    session.save()
    done(session)
    assert posting.post(timezone.now()).sent == 0
    client.force_login(clerk, BACKEND)
    page = client.get("/seances/information-municipale/").text
    assert "En retard" in page and "Pas encore prêt" in page
    client.post(f"/seances/{session.pk}/information/decisions/")
    assert "Envoyé" in client.get("/seances/information-municipale/").text
    again = client.post(f"/seances/{session.pk}/information/decisions/", follow=True)
    assert "déjà reçu" in again.text
    mayors = Body.objects.create(intercommunality=epci, kind="mayors", name="Conférence", power="advisory")
    assert services.OWED[Body.Kind(mayors.kind)] == (Mailing.Kind.OPINIONS,)
    refused = client.post(f"/seances/{session.pk}/information/opinions/", follow=True)
    assert "ne concerne pas cette instance" in refused.text


def test_the_pages_take_the_same_number_of_queries_whatever_the_readers(
    client, session, clerk, epci, django_assert_num_queries
):
    convened(session, clerk)
    client.force_login(clerk, BACKEND)
    addresses = (f"/seances/{session.pk}/convocation/", "/seances/information-municipale/")
    counts = []
    for address in addresses:
        client.get(address)
        with CaptureQueriesContext(connection) as few:
            client.get(address)
        counts.append(len(few))
    for number in range(5):
        member = an_elected(epci, make_commune(epci), f"Membre {number}")
        Seat.objects.create(body=session.body, member=member, rank=9)
        make_member(epci, Role.COUNCILLOR, f"Lectrice {number}", commune=member.commune)
    an_item(session, clerk)
    convened(session, clerk)
    for address, count in zip(addresses, counts, strict=True):
        with django_assert_num_queries(count):
            client.get(address)


def test_a_mailing_is_written_once(session, clerk):
    mailing = convened(session, clerk)
    mailing.place = "Ailleurs"
    with pytest.raises(ValidationError, match="fait preuve"):
        mailing.save()
    twin = Mailing.objects.filter(pk=mailing.pk).values().get() | {"id": None}
    with pytest.raises(IntegrityError), transaction.atomic():
        Mailing.objects.create(**twin)  # two clerks who press at once send one convocation


def test_a_copy_says_how_the_session_was_to_be_held_whatever_it_has_become(session, clerk):
    session.format = Session.Format.BOTH
    session.save()
    mailing = convened(session, clerk)
    Session.objects.filter(pk=session.pk).update(format=Session.Format.ON_SITE)
    text = write(mailing.envelopes.get(name="Luc"), IN_TIME).body
    assert "Participation\u00a0: sur place et en visioconférence" in text


def test_what_the_councillors_are_owed_is_read_some_sessions_at_a_time(session, clerk, client, monkeypatch):
    monkeypatch.setattr("projects.convocation.views.PAGE", 2)
    for days in (10, 20, 30):
        held = Session.objects.get(pk=session.pk)
        held.pk, held.held_on = None, timezone.localdate() - timedelta(days=days)
        held._state.adding = True
        held.save()
    client.force_login(clerk, BACKEND)
    address = reverse("projects:councillors_informed")
    days = [
        [one.session.held_on for one in client.get(address, {"page": page}).context["owed"] if one.kind == "decisions"]
        for page in (1, 2)
    ]
    assert [len(found) for found in days] == [2, 1]
    titles = {one.kind: one.label for one in client.get(address).context["owed"]}
    assert titles["minutes"] == "Procès-verbal"  # settled or not: its state is told beside it
    assert days[0] + days[1] == sorted(days[0] + days[1], reverse=True)


def test_the_page_tells_whom_no_mail_reaches(session, clerk, epci, client):
    far = make_commune(epci, "Saint-Loin")
    an_elected(epci, far, "Yvonne", account=False)
    assert unreached_in(epci, DAY).people == [f"Yvonne ({far})"]  # Ali has no account but sits: convened on paper
    client.force_login(clerk, BACKEND)
    text = client.get(reverse("projects:councillors_informed")).text
    assert f"aucun conseiller n’a de compte\u00a0: {far}." in text and "Yvonne" in text


COMING, OWED = "Prochaines séances", "Les conseillers municipaux attendent un document"


def told_at_home(client, person, *, calls_only=False):
    """What the home of a person says of sessions, and of what the councillors are owed."""
    client.force_login(person, BACKEND)
    waiting = client.get(reverse("projects:home")).context["waiting"]
    read = [*waiting.calls, *([] if calls_only else waiting.news)]
    items = [item for one in read if one.title in {COMING, OWED} for item in one.items]
    lines = [line for item in items for line in (item.title, item.left) if line]
    return [one.replace("\u00a0", " ") for one in lines]


def test_a_home_tells_that_a_session_near_is_called_off_and_forgets_one_further_off(session, clerk, client):
    today = timezone.localdate()
    off = {"state": Session.State.CANCELLED, "cancelled_because": "La salle est prise"}
    for days, is_told in ((7, True), (8, False)):
        Session.objects.filter(pk=session.pk).update(held_on=today + timedelta(days=days), **off)
        assert bool(told_at_home(client, User.objects.get(full_name="Luc"))) == is_told
    Session.objects.filter(pk=session.pk).update(held_on=today)
    client.force_login(User.objects.get(full_name="Luc"), BACKEND)
    page = client.get(reverse("projects:home"))
    (line,) = (item for one in page.context["waiting"].news if one.title == COMING for item in one.items)
    assert (line.status_label, line.text) == ("Annulée", "Elle ne se tiendra pas : La salle est prise")
    assert "badge--abandoned" in page.text and "vous y siégez" not in page.text


def test_the_home_of_the_clerk_tells_what_is_to_be_handed_over_until_it_is(session, clerk, client):
    coming = f"Conseil, {date_fr(DAY)}".replace("\u00a0", " ")
    assert told_at_home(client, clerk) == [coming]
    first = convened(session, clerk)
    an_item(session, clerk)
    last = convened(session, clerk)
    by_hand = "1 convocation à remettre en main propre le 5 mars 2032 au plus tard"
    assert told_at_home(client, clerk, calls_only=True) == [coming, by_hand]
    page = client.get(reverse("projects:home")).content.decode().replace("\u00a0", " ")
    line = page[page.index(coming) : page.index(by_hand)]
    assert "</li>" not in line and reverse("projects:convocation", args=[session.pk]) in line  # under its session
    assert told_at_home(client, User.objects.get(full_name="Luc")) == [coming]
    last.envelopes.filter(way="paper").update(handed_on=DAY)
    assert first.envelopes.filter(way="paper", handed_on=None).exists()  # of a convocation that holds no more
    assert told_at_home(client, clerk) == [coming] and not told_at_home(client, clerk, calls_only=True)


@pytest.mark.parametrize(
    "today, is_deciding, urgent, until",
    [
        (DAY - timedelta(days=6), True, False, " le 5 mars 2032 au plus tard"),
        (DAY - timedelta(days=5), True, False, ", en retard : le délai finissait le 5 mars 2032"),
        (DAY - timedelta(days=5), True, True, " le 9 mars 2032 au plus tard"),
        (DAY, False, False, ""),
    ],
)
def test_what_is_to_be_handed_over_says_until_when(today, is_deciding, urgent, until):
    told = rules.said_of_handing(45, DAY, today, is_deciding=is_deciding, urgent=urgent)
    assert told.replace("\u00a0", " ") == f"45 convocations à remettre en main propre{until}"


def test_the_home_of_the_clerk_tells_the_lists_that_the_councillors_should_have_received(session, clerk, epci, client):
    today = timezone.localdate()
    session.held_on = today - timedelta(days=20)
    session.save()
    done(session)
    assert told_at_home(client, clerk) == []
    Session.objects.filter(pk=session.pk).update(held_on=today - timedelta(days=40))
    mayors = Body.objects.create(intercommunality=epci, kind="mayors", name="Conférence", power="advisory")
    Session.objects.create(intercommunality=epci, body=mayors, held_on=today - timedelta(days=40))  # owes no list
    assert told_at_home(client, clerk, calls_only=True) == ["1 liste de délibérations en retard"]
    assert told_at_home(client, User.objects.get(full_name="Luc")) == []
    services.inform(session=Session.objects.get(pk=session.pk), kind="decisions", by=clerk, now=timezone.now())
    assert told_at_home(client, clerk) == []


def test_a_session_that_is_open_comes_first_on_the_home_of_who_sits_in_it(session, clerk, client):
    def first_told(name):
        client.force_login(User.objects.get(full_name=name), BACKEND)
        waiting = client.get(reverse("projects:home")).context["waiting"]
        return waiting.calls[0] if waiting.calls else None

    assert first_told("Luc") is None
    there = session.body.seats.filter(member__full_name__in=["Hélène", "Luc"])
    live.open_sitting(session=session, present=there, by=clerk, at=IN_TIME, ahead=True)
    for name in ("Luc", "Odile"):  # a member, and a substitute, who votes when the seat is left to them
        told = first_told(name)
        assert told.title == "La séance est ouverte" and told.items[0].title.startswith("Conseil, 11")
        assert told.items[0].url == reverse("projects:tablet", args=[session.pk])
    assert first_told("Jeanne") is None  # who reads, and does not sit
    sessions.remove_item(item=session.items.get(), by=clerk, reason="Reporté")
    sessions.close_session(session=session, by=clerk)
    assert first_told("Luc") is None


def test_the_home_of_the_clerk_asks_no_more_for_more_sessions(session, clerk, client):
    def asked():
        client.force_login(clerk, BACKEND)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("projects:home"))
        return len(captured)

    def another(held_on):
        held = Session.objects.get(pk=session.pk)
        held.pk, held.held_on, held.state, held._state.adding = None, held_on, Session.State.PLANNED, True
        held.save()
        return held

    long_ago = timezone.localdate() - timedelta(days=60)
    convened(session, clerk)
    another(long_ago)
    asked()
    few = asked()
    for number in range(1, 4):
        coming = another(DAY + timedelta(days=number))
        an_item(coming, clerk, f"Projet {number}")
        convened(coming, clerk)
        another(long_ago - timedelta(days=number))
    assert asked() == few
    said = told_at_home(client, clerk)
    assert sum("à remettre" in one for one in said) == 4 and "4 listes de délibérations en retard" in said
