"""The shape of an invitation: a link for one person of one partner, that serves once and for seven days."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cooperation.letters import PostedLetter
from partners.directory.models import Partner, Relay
from territories.places.models import Intercommunality

LASTS = timedelta(days=7)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def pending(self, at: datetime) -> InvitationQuerySet:
        """Invitations that still open."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=at)


class Invitation(models.Model):
    """What a relay person receives by mail. Only a digest of the link is kept: a copy of the database opens nothing."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.CASCADE, related_name="+")  # its directory
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="invitations")  # invited for it
    relay = models.ForeignKey(Relay, on_delete=models.CASCADE, related_name="invitations")  # erased with the person
    email = models.EmailField("adresse électronique")
    token_digest = models.CharField("empreinte du lien", max_length=64, unique=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # the link outlives the account
    )
    created_at = models.DateTimeField("envoyée le")
    expires_at = models.DateTimeField("valable jusqu’au")
    accepted_at = models.DateTimeField("acceptée le", null=True, blank=True)
    revoked_at = models.DateTimeField("annulée le", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = "invitation"
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(
                name="invitation_expires_after_it_is_sent",
                condition=Q(expires_at__gt=F("created_at")),
                violation_error_message="Une invitation expire après son envoi.",
            ),
            models.CheckConstraint(
                name="invitation_is_accepted_or_revoked",
                condition=Q(accepted_at__isnull=True) | Q(revoked_at__isnull=True),
                violation_error_message="Une invitation est acceptée ou annulée, pas les deux.",
            ),
        ]

    def __str__(self) -> str:
        return f"Invitation de {self.relay} pour {self.partner}"

    @property
    def is_on_its_way(self) -> bool:
        """Whether its mail has not left yet; those of before letters were kept have none."""
        letter = getattr(self, "letter", None)
        return letter is not None and letter.sent_at is None

    @property
    def is_refused(self) -> bool:
        """Whether the mail server refuses its address for good."""
        letter = getattr(self, "letter", None)
        return letter is not None and letter.is_refused

    def refusal(self, at: datetime) -> str:
        """Why the link does not open any more, in one sentence; empty while it opens."""
        if self.accepted_at:
            return "Ce lien a déjà servi : connectez-vous avec votre adresse et votre mot de passe."
        if self.revoked_at:
            return "Cette invitation a été annulée : demandez-en une autre à la personne qui vous a invité·e."
        if at >= self.expires_at:
            return "Ce lien a expiré, il était valable sept jours : demandez-en un autre à qui vous a invité·e."
        return ""


class InvitationLetter(PostedLetter):
    """The mail of an invitation, until the server takes it; its link is made again at each try and kept nowhere."""

    invitation = models.OneToOneField(Invitation, on_delete=models.CASCADE, related_name="letter")  # nothing alone

    class Meta:
        verbose_name = "courriel d’une invitation"
        ordering = ["next_try_at", "pk"]
        indexes = [models.Index(fields=["next_try_at"], condition=Q(sent_at=None), name="invitations_to_send")]

    def __str__(self) -> str:
        return self.message_id
