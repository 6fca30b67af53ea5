"""A relay person comes in by a link that serves once, and sees only what concerns the partner."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from cooperation import letters
from partners.people import invitation_posting as posting
from partners.people.access import scope_of
from partners.people.invitation_services import invite_relay
from partners.people.invitations import Invitation, InvitationLetter
from partners.people.models import Membership, Role, User
from partners.people.services import close_membership
from tests.factories import START, make_coordinator, make_epci, make_invitation, make_member, make_partner, make_user

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
PASSWORD = "un lierre sur le mur"
SAID = {"full_name": "Sophie Aumont", "password": PASSWORD, "agreement": "on"}


@pytest.fixture(autouse=True)
def fresh_count_of_visits():
    cache.clear()


@pytest.fixture
def partner():
    return make_partner(make_epci())


@pytest.fixture
def invite(client, partner):
    """Send an invitation as the coordination does, and the mail that waits; returns the address of the link."""

    def send(email="sophie@caf.example"):
        client.force_login(make_coordinator(partner.intercommunality), BACKEND)
        said = {"email": email, "full_name": "Sophie Aumont", "function": "conseillère"}
        answer = client.post(reverse("partners:invite", args=[partner.pk]), said, follow=True)
        posting.post(timezone.now())
        client.logout()
        send.page = answer.content.decode()
        return re.search(r"https?://\S+(/invitation/\S+)", mail.outbox[-1].body)[1]

    return send


def test_the_link_opens_an_account_a_role_and_the_session_at_once(client, partner, invite):
    link = invite()
    assert "représenter «\u00a0CAF du Val-de-Lierre\u00a0»" in client.get(link).content.decode()
    answer = client.post(link, SAID)
    assert (answer.status_code, answer.url) == (302, "/")
    user = User.objects.get(email="sophie@caf.example")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.check_password(PASSWORD)
    held = Membership.objects.get(user=user)
    assert (held.role, held.partner, held.function) == (Role.RELAY, partner, "conseillère")
    assert scope_of(user).partners == {partner.pk}
    relay = partner.relays.get()
    assert (relay.consented_on, relay.consent_means) == (timezone.localdate(), "invitation")


def test_the_mail_holds_one_link_and_the_database_none(invite):
    token = invite().rstrip("/").rsplit("/", 1)[1]
    assert len(re.findall(r"https?://", mail.outbox[0].body)) == 1
    assert mail.outbox[0].to == ["sophie@caf.example"]
    assert token not in str(Invitation.objects.values())


def test_the_link_serves_once(client, invite):
    link = invite()
    client.post(link, SAID)
    client.logout()
    for answer in (client.get(link), client.post(link, SAID)):
        assert answer.status_code == 410
        assert "a déjà servi" in answer.content.decode()


def test_a_link_of_more_than_seven_days_has_expired(client, partner):
    sent = timezone.now() - timedelta(days=7, seconds=1)
    make_invitation(partner, token="vieux", created_at=sent, expires_at=sent + timedelta(days=7))
    answer = client.post(reverse("partners:invitation", args=["vieux"]), SAID)
    assert answer.status_code == 410
    assert "a expiré" in answer.content.decode()
    assert not Membership.objects.filter(role=Role.RELAY).exists()


def test_a_link_taken_back_says_so(client, partner, invite):
    link = invite()
    client.force_login(make_coordinator(partner.intercommunality), BACKEND)
    client.post(reverse("partners:invitation_revoke", args=[Invitation.objects.get().pk]))
    client.logout()
    assert "a été annulée" in client.get(link).content.decode()


def test_inviting_again_closes_the_link_before(client, partner, invite):
    first, second = invite(), invite()
    assert "a été annulée" in client.get(first).content.decode()
    assert client.get(second).status_code == 200
    assert partner.relays.count() == 1


def test_an_unknown_link_is_one_sentence(client):
    answer = client.get(reverse("partners:invitation", args=["inconnu"]))
    assert answer.status_code == 404
    assert "n’est pas valable" in answer.content.decode()


def test_the_coordination_is_not_told_who_has_an_account(client, invite):
    said = []
    for email in (make_user("Quelqu’un").email, "nouvelle@caf.example"):
        invite(email)
        said.append(re.search(r"L’invitation est prête.*?<", invite.page)[0])
    assert said[0] == said[1]


def test_an_account_with_a_password_keeps_it_and_is_not_opened_by_the_link(client, partner, invite):
    user = make_user("Maud Jallet", password="celui de Maud Jallet")
    link = invite(user.email)
    assert 'name="password"' not in client.get(link).content.decode()
    answer = client.post(link, {"agreement": "on", "password": PASSWORD})
    assert answer.url == reverse("account_login")
    assert "_auth_user_id" not in client.session
    user.refresh_from_db()
    assert user.check_password("celui de Maud Jallet")
    assert Membership.objects.filter(user=user, partner=partner).exists()


def test_a_closed_account_stays_closed(client, invite):
    user = make_user(is_active=False)
    link = invite(user.email)
    assert "Ce compte est fermé" in client.post(link, SAID).content.decode()
    assert not Membership.objects.filter(user=user).exists()


def test_a_role_that_had_ended_is_taken_up_again(client, partner, invite):
    user = make_member(partner.intercommunality, Role.RELAY, partner=partner)
    close_membership(membership=user.memberships.get(), ends_on=START)
    client.post(invite(user.email), SAID)
    assert scope_of(User.objects.get(pk=user.pk)).partners == {partner.pk}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"agreement": ""}, "Cochez cette case"),
        ({"password": "court"}, "12"),
        ({"password": "sophie@caf.example"}, "trop semblable"),
    ],
)
def test_without_agreement_or_a_good_password_nothing_opens(client, invite, changed, why):
    page = client.post(invite(), SAID | changed)
    assert why in page.content.decode()
    assert not User.objects.filter(email="sophie@caf.example").exists()


@time_machine.travel("2026-11-23 10:00:05+01:00", tick=False)
def test_links_are_not_tried_one_after_the_other(client):
    for number in range(30):
        client.get(reverse("partners:invitation", args=[f"lien{number}"]))
    answer = client.get(reverse("partners:invitation", args=["encore"]))
    assert answer.status_code == 429
    assert "Trop de tentatives" in answer.content.decode()


def test_a_link_that_waits_for_the_mail_server_leaves_later_and_opens_for_seven_days_from_then(
    client, partner, invite, monkeypatch
):
    """Nothing of the link is kept meanwhile, and a second try sends the same one."""
    with monkeypatch.context() as down:
        down.setattr(letters, "hand_over", lambda *_: False)
        with pytest.raises(IndexError):  # no mail is there to read
            invite()
    client.force_login(make_coordinator(partner.intercommunality), BACKEND)
    assert "n’est pas encore parti" in client.get(partner.get_absolute_url()).content.decode()
    later = timezone.now() + timedelta(days=9)
    assert posting.post(later).sent == 1
    letter = InvitationLetter.objects.get()
    assert mail.outbox[0].extra_headers["Message-ID"] == letter.message_id
    link = re.search(r"https?://\S+(/invitation/\S+)", mail.outbox[0].body)[1]
    assert link.rstrip("/").rsplit("/", 1)[1] not in str(
        [*Invitation.objects.values(), *InvitationLetter.objects.values()]
    )
    with time_machine.travel(later + timedelta(days=6)):
        client.logout()
        assert client.get(link).status_code == 200
        client.force_login(make_coordinator(partner.intercommunality), BACKEND)
        assert "n’est pas encore parti" not in client.get(partner.get_absolute_url()).content.decode()


def test_a_link_taken_back_before_its_mail_left_is_not_sent(client, partner):
    coordinator = make_coordinator(partner.intercommunality)
    said = {"email": "sophie@caf.example", "full_name": "Sophie Aumont", "function": ""}
    for _ in range(2):  # invited again, for the first mail did not come
        invite_relay(partner=partner, by=coordinator, **said)
    posted = posting.post(timezone.now())
    assert (posted.sent, posted.dropped, len(mail.outbox)) == (1, 1, 1)
