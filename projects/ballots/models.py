"""The shape of a session as it is held: comings and goings, powers, withdrawals, ballots and votes.

A secret ballot leaves no link between a person and a position. `BallotVoter` says who may vote and whether they did:
its rows are made when the ballot opens, in the order of the seats, and voting only ticks one. `SecretTally` says how
many ballots of each kind are in the urn: one row per kind, a number that grows. Neither keeps an hour or a history, no
row is born of a vote, and the two tables share nothing but the ballot.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from partners.governance.models import ElectedMember, Seat
from projects.deliberation.models import AgendaItem, Decision, Session
from projects.deliberation.rules import Majority
from territories.places.models import Intercommunality


class Sitting(models.Model):
    """A session being held: the item examined now, and a number that changes whenever a screen must be refreshed."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    session = models.OneToOneField(Session, on_delete=models.CASCADE, related_name="sitting")  # a part of the session
    current_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,  # an item withdrawn before it is examined leaves the screens
        null=True,
        blank=True,
        related_name="+",
    )
    beat = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "séance en cours"
        verbose_name_plural = "séances en cours"

    def __str__(self) -> str:
        return str(self.session)


class Attendance(models.Model):
    """Somebody comes in or goes out, from a given item on. Never changed: the last row of a seat tells where it is."""

    class Way(models.TextChoices):
        IN = "in", "arrive"
        OUT = "out", "part"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="attendances")  # it makes the quorum
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="attendances")  # same
    way = models.CharField("mouvement", max_length=3, choices=Way)
    item = models.ForeignKey(
        AgendaItem,
        on_delete=models.SET_NULL,  # the item goes, the movement stays
        null=True,
        blank=True,
        related_name="attendances",
        help_text="Vide : à l’ouverture de la séance.",
    )
    substitute = models.ForeignKey(
        ElectedMember,
        on_delete=models.PROTECT,  # named in the minutes
        null=True,
        blank=True,
        related_name="+",
        help_text="Qui siège à la place de la personne titulaire. Vide : la personne titulaire elle-même.",
    )
    recorded_at = models.DateTimeField("inscrit le")

    class Meta:
        verbose_name = "présence"
        ordering = ["session", "pk"]

    def __str__(self) -> str:
        return f"{self.seat} {self.get_way_display()}"


class Proxy(models.Model):
    """A power: an absent member lets another vote in their name, for this session."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="proxies")  # it makes the count
    giver = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="given_proxies")  # named in the minutes
    holder = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="held_proxies")  # same
    given_at = models.DateTimeField("inscrit le")
    ended_at = models.DateTimeField("terminé le", null=True, blank=True)

    class Meta:
        verbose_name = "pouvoir"
        ordering = ["session", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "giver"],
                condition=Q(ended_at__isnull=True),
                name="one_power_given_at_a_time",
                violation_error_message="Ce membre a déjà donné pouvoir.",
            ),
            models.UniqueConstraint(  # CGCT, art. L. 2121-20
                fields=["session", "holder"],
                condition=Q(ended_at__isnull=True),
                name="one_power_held_at_a_time",
                violation_error_message="Ce membre porte déjà un pouvoir : la loi n’en permet qu’un.",
            ),
            models.CheckConstraint(
                name="no_power_to_oneself",
                condition=~Q(giver=F("holder")),
                violation_error_message="Personne ne se donne pouvoir à soi-même.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.holder}"


class Withdrawal(models.Model):
    """A member interested in an item stands aside: out of the room, out of the count (CGCT, art. L. 2131-11)."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="withdrawals")  # it makes the count
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="withdrawals")  # named in the minutes
    reason = models.CharField("pourquoi", max_length=200)
    recorded_at = models.DateTimeField("inscrit le")

    class Meta:
        verbose_name = "déport"
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "seat"],
                name="withdrawn_once_from_an_item",
                violation_error_message="Ce membre ne prend déjà pas part à ce point.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat} : {self.reason}"


class Urgency(models.Model):
    """Why an item came on an agenda after the convocation; the body is told at the opening (CGCT, art. L. 2121-12)."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    item = models.OneToOneField(AgendaItem, on_delete=models.CASCADE, related_name="urgency")  # a part of the item
    reason = models.CharField("pourquoi ce point ne peut pas attendre", max_length=300)
    added_at = models.DateTimeField("inscrit le")
    is_accepted = models.BooleanField("l’urgence est admise", null=True, blank=True)  # None: not yet put to the vote
    votes_for = models.PositiveSmallIntegerField("pour l’urgence", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("contre l’urgence", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions sur l’urgence", null=True, blank=True)
    settled_at = models.DateTimeField("prononcée le", null=True, blank=True)

    class Meta:
        verbose_name = "urgence"
        constraints = [
            models.CheckConstraint(
                name="settled_urgency_has_its_votes",
                condition=Q(is_accepted=None, settled_at=None)
                | Q(
                    is_accepted__isnull=False,
                    settled_at__isnull=False,
                    votes_for__isnull=False,
                    votes_against__isnull=False,
                    abstentions__isnull=False,
                ),
                violation_error_message="L’assemblée se prononce sur l’urgence par un vote : écrivez ses totaux.",
            )
        ]

    def __str__(self) -> str:
        return self.reason


class Position(models.TextChoices):
    FOR = "for", "Pour"
    AGAINST = "against", "Contre"
    ABSTAIN = "abstain", "Abstention"
    BLANK = "blank", "Blanc"


class Ballot(models.Model):
    """One vote on one item: how it is held, who may vote, the totals that are frozen when it closes."""

    class State(models.TextChoices):
        OPEN = "open", "Ouvert"
        CLOSED = "closed", "Clos"
        CANCELLED = "cancelled", "Annulé"

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="ballots")  # proof
    kind = models.CharField("scrutin", max_length=8, choices=Decision.Ballot, default=Decision.Ballot.ORDINARY)
    majority = models.CharField("majorité requise", max_length=20, choices=Majority, default=Majority.SIMPLE)
    state = models.CharField("état", max_length=9, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField("ouvert le")
    closed_at = models.DateTimeField("clos le", null=True, blank=True)
    in_office = models.PositiveSmallIntegerField("en exercice", default=0)
    present = models.PositiveSmallIntegerField("présents", default=0)
    powers = models.PositiveSmallIntegerField("pouvoirs", default=0)
    not_taking_part = models.PositiveSmallIntegerField("ne prennent pas part", default=0)
    votes_for = models.PositiveSmallIntegerField("pour", null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField("contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField("abstentions", null=True, blank=True)
    blank_votes = models.PositiveSmallIntegerField("blancs et nuls", null=True, blank=True)
    chair_votes_for = models.BooleanField("la présidence vote pour", null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = "scrutin"
        ordering = ["item", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=~Q(state="cancelled"),
                name="one_ballot_per_item",
                violation_error_message="Un scrutin est déjà ouvert ou clos sur ce point.",
            ),
            models.CheckConstraint(
                name="closed_ballot_has_its_totals",
                condition=~Q(state="closed")
                | Q(
                    closed_at__isnull=False,
                    present=F("votes_for")
                    + F("votes_against")
                    + F("abstentions")
                    + F("blank_votes")
                    + F("not_taking_part")
                    - F("powers"),
                ),
                violation_error_message="Le total des voix n’est pas égal au nombre de votants.",
            ),
        ]

    def __str__(self) -> str:
        return f"Scrutin {self.get_kind_display()} — {self.item}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_secret(self) -> bool:
        return self.kind == Decision.Ballot.SECRET


class BallotVoter(models.Model):
    """Who may vote in a ballot, who votes for them, and whether they did. `key` answers a vote that is sent again."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="voters")  # the list is proof
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")  # named in the minutes
    cast_by = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="+")  # the holder of the power, or itself
    substitute = models.ForeignKey(
        ElectedMember,
        on_delete=models.PROTECT,  # voted in the place of the holder, and is named so
        null=True,
        blank=True,
        related_name="+",
    )
    has_voted = models.BooleanField("a voté", default=False)
    key = models.UUIDField(null=True, blank=True)

    class Meta:
        verbose_name = "votant"
        ordering = ["ballot", "seat__rank", "seat_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "seat"],
                name="voter_once_in_a_ballot",
                violation_error_message="Ce membre est déjà dans la liste des votants.",
            )
        ]

    def __str__(self) -> str:
        return str(self.seat)

    @property
    def person(self) -> ElectedMember | None:
        """Whose hand gives the vote: the substitute who sits, or the holder of the seat that casts it."""
        return self.substitute or self.cast_by.member


class BallotPosition(models.Model):
    """What a member voted, by name: in a public ballot always, in an ordinary one when given, in a secret one never."""

    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="positions")  # named votes are proof
    seat = models.ForeignKey(Seat, on_delete=models.PROTECT, related_name="ballot_positions")  # same
    position = models.CharField("position", max_length=8, choices=Position)
    given_at = models.DateTimeField("reçu le")
    history = HistoricalRecords()

    class Meta:
        verbose_name = "position"
        ordering = ["ballot", "seat__rank", "seat_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ballot", "seat"],
                name="one_position_in_a_ballot",
                violation_error_message="Ce membre a déjà voté.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat} : {self.get_position_display()}"


class SecretTally(models.Model):
    """How many secret ballots of one kind are in the urn: no person, no hour, no history, a key without order."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    intercommunality = models.ForeignKey(Intercommunality, on_delete=models.PROTECT, related_name="+")
    ballot = models.ForeignKey(Ballot, on_delete=models.PROTECT, related_name="tallies")  # the count is proof
    position = models.CharField("bulletin", max_length=8, choices=Position)
    count = models.PositiveSmallIntegerField("nombre", default=0)

    class Meta:
        verbose_name = "urne"
        constraints = [
            models.UniqueConstraint(fields=["ballot", "position"], name="one_count_per_kind_of_ballot"),
        ]

    def __str__(self) -> str:
        return f"{self.get_position_display()} : {self.count}"
