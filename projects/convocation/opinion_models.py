"""The shape of the opinion that a member gives before a session: each change is another row, the last one stands."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from cooperation.texts import Text
from partners.governance.models import ElectedMember
from projects.deliberation.models import Session
from projects.proposals.models import Project
from territories.places.models import Intercommunality


class MemberOpinionQuerySet(models.QuerySet["MemberOpinion"]):
    def standing(self) -> MemberOpinionQuerySet:
        """The last word of each member."""
        return self.filter(replaced_at=None)


class MemberOpinion(models.Model):
    """What a member of the body thinks of a project, in their own name, before it is put to the vote.

    It hangs on the session and the project, not on the item: an item taken off the agenda takes no word away.
    """

    class Position(models.TextChoices):
        FAVOURABLE = "favourable", "Favorable"
        RESERVED = "reserved", "Favorable avec réserves"
        UNFAVOURABLE = "unfavourable", "Défavorable"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="member_opinions")  # in the file
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="member_opinions")  # same
    member = models.ForeignKey(ElectedMember, on_delete=models.PROTECT, related_name="opinions_given")  # same
    capacity = models.CharField("en qualité de", max_length=200)
    position = models.CharField("avis", max_length=12, choices=Position)
    words = Text("en quelques mots", max_length=3000, blank=True)
    project_version = models.PositiveIntegerField("version du texte")
    number = models.PositiveSmallIntegerField("rang", default=1)
    given_at = models.DateTimeField("donné le")
    given_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",  # the opinion stays, not the account
    )
    replaced_at = models.DateTimeField("remplacé le", null=True, blank=True)

    objects = MemberOpinionQuerySet.as_manager()

    class Meta:
        verbose_name = "avis d’un membre"
        verbose_name_plural = "avis des membres"
        ordering = ["session", "project", "member", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "project", "member", "number"], name="member_opinions_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["session", "project", "member"],
                condition=Q(replaced_at=None),
                name="one_standing_opinion_per_member",
                violation_error_message="Votre avis vient d’être enregistré depuis une autre page : rechargez-la.",
            ),
            models.CheckConstraint(
                name="member_opinion_has_a_known_position",
                condition=Q(position__in=["favourable", "reserved", "unfavourable"]),
                violation_error_message="Cet avis n’existe pas.",
            ),
            models.CheckConstraint(
                name="member_opinion_with_reservations_says_which",
                condition=Q(position="favourable") | ~Q(words=""),
                violation_error_message="Écrivez vos réserves, ou ce qui vous fait dire non.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} : {self.get_position_display()}"
