"""A round of letters: one connection, what is wrong with the server told from what is wrong with a letter."""

import re
from datetime import timedelta
from smtplib import (
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
    SMTPServerDisconnected,
)
from ssl import SSLCertVerificationError

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.urls import reverse
from django.utils import timezone
from structlog.testing import capture_logs

from partners.models import InvitationLetter
from partners.people.invitation_posting import post
from partners.people.invitation_services import invite_relay
from tests.factories import make_coordinator, make_epci, make_partner

pytestmark = pytest.mark.django_db
CLOSED_DOORS = [
    ConnectionRefusedError("down"),
    SMTPAuthenticationError(535, b"wrong password of nom@mon-epci.example"),
    SSLCertVerificationError("another name"),
]


class Server(EmailBackend):
    """A mail server whose door or whose answers may be bad."""

    opened, at_the_door, to_a_letter = 0, None, {}

    def open(self):
        Server.opened += 1
        if Server.at_the_door:
            raise Server.at_the_door

    def send_messages(self, messages):
        [message] = messages
        if fault := Server.to_a_letter.get(message.to[0]):
            raise fault
        return super().send_messages(messages)


@pytest.fixture
def server(settings, monkeypatch):
    settings.EMAIL_BACKEND = f"{__name__}.Server"
    for name, value in (("opened", 0), ("at_the_door", None), ("to_a_letter", {})):
        monkeypatch.setattr(Server, name, value)
    return Server


@pytest.fixture
def three_letters():
    partner = make_partner(make_epci())
    by = make_coordinator(partner.intercommunality)
    for name in ("Ada", "Bea", "Cleo"):
        invite_relay(partner=partner, email=f"{name}@caf.example", full_name=name, function="", by=by)
    return InvitationLetter.objects.order_by("pk")


@pytest.mark.parametrize("fault", CLOSED_DOORS, ids=lambda fault: type(fault).__name__)
def test_no_letter_is_tried_while_the_server_does_not_let_us_in_and_all_leave_when_it_does(
    server, three_letters, monkeypatch, fault
):
    now = timezone.now()
    monkeypatch.setattr(server, "at_the_door", fault)
    with capture_logs() as lines:
        assert post(now).waiting == 3
    assert server.opened == 1  # a server that answers nothing for twenty seconds is not asked again for each letter
    assert [(one["event"], one["error"]) for one in lines] == [("mail_server_out_of_reach", type(fault).__name__)]
    assert not re.search(r"@\w", str(lines))
    assert not three_letters.filter(attempts__gt=0).exists()
    monkeypatch.setattr(server, "at_the_door", None)
    assert [post(now).sent, post(now).sent] == [3, 0]
    assert len({message.extra_headers["Message-ID"] for message in mail.outbox}) == 3


def test_a_connection_that_breaks_stops_the_round_and_a_letter_never_leaves_twice(server, three_letters):
    now = timezone.now()
    server.to_a_letter["bea@caf.example"] = SMTPServerDisconnected("gone")
    posted = post(now)
    assert (posted.sent, posted.waiting) == (1, 2)
    assert [one.attempts for one in three_letters] == [1, 1, 0]
    assert post(now).sent == 1  # the one that was not tried does not wait for the one that was
    assert [message.to for message in mail.outbox] == [["ada@caf.example"], ["cleo@caf.example"]]


def refusal(code, said):
    return SMTPRecipientsRefused({"ada@caf.example": (code, said)})


def test_an_address_that_the_server_refuses_for_good_is_tried_once_and_leaves_when_it_is_asked_for(
    server, three_letters
):
    server.to_a_letter["ada@caf.example"], now = refusal(550, b"5.1.1 unknown"), timezone.now()
    with capture_logs() as lines:
        posted = post(now)
    assert (posted.sent, posted.waiting, posted.refused) == (2, 0, 1)
    assert [one["event"] for one in lines] == ["letter_refused"] and "@" not in str(lines)
    assert (posted := post(now + timedelta(days=400))).refused == posted.waiting == 0
    [letter] = three_letters.refused()
    assert letter.is_refused and not three_letters.last().is_refused
    del server.to_a_letter["ada@caf.example"]
    assert InvitationLetter.objects.all().ask_again(now) == 1
    assert [post(now).sent, InvitationLetter.objects.refused().count()] == [1, 0]


@pytest.mark.parametrize(
    "fault",
    [
        refusal(450, b"try later"),
        refusal(552, b"5.2.2 mailbox full"),
        refusal(550, b"5.7.1 not allowed"),
        refusal(550, b"Relay not permitted"),
        SMTPDataError(554, b"looks like spam"),
        SMTPSenderRefused(550, b"who are you", "nous@mon-epci.example"),
    ],
)
def test_what_may_be_put_right_without_the_address_is_tried_again(server, three_letters, fault):
    server.to_a_letter["ada@caf.example"], now = fault, timezone.now()
    with capture_logs() as lines:
        posted = post(now)
    assert (posted.sent, posted.waiting, posted.refused) == (2, 1, 0)
    assert [(one["event"], one["attempts"]) for one in lines] == [("letter_waits", 1)]
    assert "@" not in str(lines)
    del server.to_a_letter["ada@caf.example"]
    assert post(now + timedelta(minutes=2)).sent == 1


def test_the_page_of_the_partner_tells_that_the_address_of_an_invitation_is_refused(server, three_letters, client):
    server.to_a_letter["ada@caf.example"] = refusal(550, b"5.1.1 unknown")
    post(timezone.now())
    invitation = three_letters.first().invitation
    client.force_login(invitation.invited_by, "allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("partners:partner", args=[invitation.partner_id])).text
    assert page.count("cette adresse est refusée par son serveur de messagerie") == 1
    assert "n’est pas encore parti" not in page


def test_the_partner_is_named_between_quotes_in_the_subject_of_its_invitation(server, three_letters):
    post(timezone.now())
    partner = three_letters.first().invitation.partner
    assert {message.subject for message in mail.outbox} == {f"Vous êtes invité·e à représenter « {partner} »"}
