"""What is done with invitations: sending one, taking it back, accepting it."""

from __future__ import annotations

from hashlib import sha256

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from cooperation.letters import new_message_id
from partners.directory.models import Partner, Relay
from partners.directory.services import save_relay
from partners.people.access import grant
from partners.people.invitations import LASTS, Invitation, InvitationLetter
from partners.people.models import Membership, Role, User
from partners.people.services import open_membership


def token_of(message_id: str) -> str:
    """The secret of a link, 256 bits that only the key of the installation makes of the Message-ID of its mail.

    A mail that the server did not take leaves again later with the same link, and no table holds it meanwhile.
    """
    return salted_hmac("partners.invitation", message_id, algorithm="sha256").hexdigest()


def digest_of(token: str) -> str:
    """What is kept of a link: the token holds 256 bits that nobody guesses, so that a plain digest cannot be turned
    back."""
    return sha256(token.encode()).hexdigest()


@transaction.atomic
def invite_relay(*, partner: Partner, email: str, full_name: str, function: str, by: User) -> Invitation:
    """Invite a person to speak for a partner; the mail waits for the next round of those that leave.

    Whether the address has an account already is neither told nor looked for here. A person invited again for the
    same partner receives a new link, and the one before stops opening.
    """
    if partner.merged_into_id:
        raise ValidationError("Ce partenaire est fusionné avec un autre : invitez la personne pour celui-ci.")
    email, now = email.lower(), timezone.now()
    relay = partner.relays.known().filter(email__iexact=email).first()
    relay = relay or partner.relays.known().filter(email="", full_name__iexact=full_name).first()
    relay = relay or Relay(intercommunality=partner.intercommunality, partner=partner)
    relay.full_name, relay.email = relay.full_name or full_name, relay.email or email
    relay.function = relay.function or function
    save_relay(relay=relay, by=by)
    Invitation.objects.filter(partner=partner, email=email).pending(now).update(revoked_at=now)
    message_id = new_message_id()
    invitation = Invitation(
        intercommunality=partner.intercommunality,
        partner=partner,
        relay=relay,
        email=email,
        token_digest=digest_of(token_of(message_id)),
        invited_by=by,
        created_at=now,
        expires_at=now + LASTS,
    )
    invitation.full_clean()
    invitation.save()
    InvitationLetter.objects.create(invitation=invitation, message_id=message_id, made_at=now, next_try_at=now)
    return invitation


@transaction.atomic
def revoke_invitation(*, invitation: Invitation) -> None:
    """Take back an invitation that still opens; one that has served stays as it is."""
    Invitation.objects.filter(pk=invitation.pk).pending(timezone.now()).update(revoked_at=timezone.now())


@transaction.atomic
def accept_invitation(*, invitation: Invitation, full_name: str = "", password: str = "") -> User:
    """Open the role of the person, with the account and the consent that go with it.

    An account whose password is already chosen keeps it: the link gives a role, never somebody's account.
    Raises `ValidationError` with the sentence to show when the link does not open any more, or the account is closed.
    """
    held = Invitation.objects.select_for_update().select_related("partner", "relay").get(pk=invitation.pk)
    if reason := held.refusal(timezone.now()):
        raise ValidationError(reason)
    user = User.objects.filter(email=held.email).first() or User(email=held.email, full_name=full_name)
    if not user.is_active:
        raise ValidationError("Ce compte est fermé : adressez-vous à la personne qui vous a invité·e.")
    if needs_password(user):
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save()
    hold_role(user, held)
    today = timezone.localdate()
    relay = held.relay
    relay.consented_on, relay.consent_means = today, Relay.Consent.INVITATION
    save_relay(relay=relay, by=user)
    held.accepted_at = timezone.now()
    held.save(update_fields=["accepted_at"])
    return user


def needs_password(user: User | None) -> bool:
    """Whether the person has a password to choose: no account yet, or one that was opened without."""
    return user is None or user.pk is None or not user.has_usable_password()


def hold_role(user: User, invitation: Invitation) -> Membership:
    """Open the role of relay person, or take up again the one that had ended."""
    today = timezone.localdate()
    epci, partner = invitation.intercommunality, invitation.partner
    roles = Membership.objects.filter(user=user, role=Role.RELAY, commune=None)
    held = roles.filter(intercommunality=epci, partner=partner).first()
    if held is None:
        return open_membership(
            user=user,
            intercommunality=epci,
            role=Role.RELAY,
            partner=partner,
            starts_on=today,
            function=invitation.relay.function,
        )
    held.ends_on = None
    held.starts_on = min(held.starts_on, today)
    held.full_clean()
    held.save()
    grant(held)
    return held
