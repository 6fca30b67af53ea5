"""A substitute sits, counts and votes in the absence of the holder of a seat (CGCT, art. L. 5211-6)."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from partners.models import Body, BodyRule, ElectedMember, Role, Seat
from projects.ballots import desk, services
from projects.ballots.room import room_of
from projects.ballots.rules import Room, fault_of_arrival, fault_of_power, fault_of_substitution, powers_in_use
from projects.deliberation import services as sessions
from projects.minutes.attendance import attendance_told
from projects.minutes.content import gather
from projects.minutes.sealing import KINDS
from projects.models import BallotPosition, Proxy, SealedRecord, SecretTally, Session, Status
from projects.seal.checking import check
from tests.factories import make_commune, make_coordinator, make_epci, make_member, make_project

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class Council:
    """Five seats; the holder of the second is away, and has a substitute with an account."""

    def __init__(self):
        self.epci = make_epci()
        self.body = Body.objects.create(
            intercommunality=self.epci, kind="council", name="Conseil communautaire", power="deciding"
        )
        self.commune, self.clerk = make_commune(self.epci), make_coordinator(self.epci)
        names = ("Anne", "Bruno", "Chloé", "Denis", "Elsa")
        self.users = {name: make_member(self.epci, Role.ELECTED, name) for name in (*names, "Suzy")}
        self.people = {name: self.elected(name, user) for name, user in self.users.items()}
        self.seats = [
            Seat.objects.create(
                body=self.body, member=self.people[name], rank=rank, is_chair=rank == 0,
                substitute=self.people["Suzy"] if name == "Bruno" else None,
            )
            for rank, name in enumerate(names)
        ]  # fmt: skip
        self.act = {"by": self.clerk, "at": NOW}
        self.session = Session.objects.create(intercommunality=self.epci, body=self.body, held_on=date(2032, 3, 1))
        project = make_project(self.epci, oriented=True, status=Status.UNDER_REVIEW, title="La navette")
        self.item = sessions.add_item(session=self.session, project=project, by=self.clerk)

    def elected(self, name, user):
        return ElectedMember.objects.create(intercommunality=self.epci, commune=self.commune, full_name=name, user=user)

    def opened(self, present=(0, 2), substitutes=(1,)):
        return services.open_sitting(
            session=self.session, present=[self.seats[one] for one in present],
            substitutes=[self.seats[one] for one in substitutes], ahead=True, **self.act,
        )  # fmt: skip

    def ballot(self, kind="public"):
        return services.open_ballot(item=self.item, kind=kind, majority="simple", **self.act)

    def vote(self, ballot, seat, position, who):
        told = {"seat": self.seats[seat], "position": position, "key": uuid4(), "by": self.users[who]}
        return services.vote(ballot=ballot, **told, at=NOW)

    def comes_in(self, seat, **fields):
        return services.record_arrival(session=self.session, seat=self.seats[seat], **self.act, **fields)

    def goes_out(self, seat):
        return services.record_departure(session=self.session, seat=self.seats[seat], **self.act)


@pytest.fixture
def council():
    return Council()


def test_the_rules_tell_why_nobody_may_be_replaced():
    room = Room(5, frozenset({1, 2, 3}), {5: 2}, substitutes={2: 90})
    ask = {"is_admitted": True, "person": 91, "sits": False}
    assert fault_of_substitution(room, 4, **ask) == ""
    assert "n’admettent pas" in fault_of_substitution(room, 4, **ask | {"is_admitted": False})
    assert "n’a pas de suppléant" in fault_of_substitution(room, 4, **ask | {"person": None})
    assert "déjà dans la salle" in fault_of_substitution(room, 2, **ask)
    assert "en son absence" in fault_of_substitution(room, 1, **ask)
    assert "siège déjà" in fault_of_substitution(room, 4, **ask | {"sits": True})
    assert "d’abord sa sortie" in fault_of_arrival(room, 2)
    assert "aucun pouvoir" in fault_of_power(room, 2, 1)
    assert "titulaire" in fault_of_power(room, 4, 2)
    assert powers_in_use(room) == {}  # a power given to the holder sleeps while the substitute sits


def test_the_substitute_counts_in_the_quorum_and_is_listed_among_the_voters(council):
    council.opened(present=(0,), substitutes=(1,))
    with pytest.raises(ValidationError, match="quorum"):
        council.ballot()
    council.comes_in(2)
    ballot = council.ballot()
    assert council.session.body.seats.count() == 5 and ballot.voters.count() == 3
    assert [voter.person.full_name for voter in ballot.voters.all()] == ["Anne", "Suzy", "Chloé"]


@pytest.mark.parametrize("kind", ["ordinary", "public", "secret"])
def test_the_substitute_votes_and_the_holder_does_not(council, kind):
    council.opened()
    ballot = council.ballot(kind)
    with pytest.raises(PermissionDenied, match="pas le vôtre"):
        council.vote(ballot, 1, "for", "Bruno")
    council.vote(ballot, 1, "for", "Suzy")
    with pytest.raises(PermissionDenied):
        council.vote(ballot, 0, "against", "Suzy")
    with pytest.raises(ValidationError, match="déjà voté"):
        council.goes_out(1)
    closed = services.close_ballot(ballot=ballot, **council.act)
    assert (closed.votes_for, closed.abstentions, closed.present) == (1, 2, 3)
    if kind == "secret":
        assert BallotPosition.objects.count() == 0
        assert SecretTally.objects.get(ballot=ballot, position="for").count == 1


def test_holder_and_substitute_are_never_both_in_the_room(council):
    council.opened()
    with pytest.raises(ValidationError, match="d’abord sa sortie"):
        council.comes_in(1)
    council.goes_out(1)
    council.comes_in(1)
    assert room_of(council.session, None).substitutes == {}
    with pytest.raises(ValidationError, match="en son absence"):
        council.comes_in(1, as_substitute=True)
    council.goes_out(1)
    council.comes_in(1, as_substitute=True)
    assert room_of(council.session, None).substitutes == {council.seats[1].pk: council.people["Suzy"].pk}


def test_both_ticked_at_the_roll_call_is_refused_and_nothing_is_opened(council):
    with pytest.raises(ValidationError, match="Bruno : La personne titulaire est dans la salle"):
        council.opened(present=(0, 1, 2), substitutes=(1,))
    council.session.refresh_from_db()
    assert council.session.state == Session.State.PLANNED and not council.session.attendances.exists()


def test_nobody_sits_twice(council):
    Seat.objects.filter(pk=council.seats[3].pk).update(substitute=council.people["Suzy"])
    Seat.objects.filter(pk=council.seats[4].pk).update(substitute=council.people["Anne"])
    council.opened()
    for seat in (3, 4):  # Suzy sits already in the place of Bruno; Anne holds a seat of her own
        council.seats[seat].refresh_from_db()
        with pytest.raises(ValidationError, match="siège déjà dans cette instance"):
            council.comes_in(seat, as_substitute=True)


def test_a_power_ends_when_the_substitute_arrives_and_none_is_given_then(council):
    council.opened(substitutes=())
    give = {"session": council.session, "giver": council.seats[1], "holder": council.seats[0], **council.act}
    services.give_proxy(**give)
    council.comes_in(1, as_substitute=True)
    assert Proxy.objects.get().ended_at == NOW
    with pytest.raises(ValidationError, match="aucun pouvoir"):
        services.give_proxy(**give)
    with pytest.raises(ValidationError, match="titulaire"):
        services.give_proxy(**give | {"giver": council.seats[3], "holder": council.seats[1]})


def test_an_open_ballot_follows_who_takes_the_place_until_the_vote_is_given(council):
    council.opened()
    ballot = council.ballot()
    council.goes_out(1)
    assert ballot.voters.count() == 2
    council.comes_in(1)
    assert [voter.person.full_name for voter in ballot.voters.all()] == ["Anne", "Bruno", "Chloé"]
    council.vote(ballot, 1, "against", "Bruno")
    with pytest.raises(PermissionDenied):
        council.vote(ballot, 1, "for", "Suzy")


def test_a_body_whose_rules_refuse_it_admits_no_substitute(council):
    BodyRule.objects.create(
        intercommunality=council.epci, body=council.body, quorum="half", majority="simple", tie="chair",
        representation="power", source="Règlement", starts_on="2026-01-01",
    )  # fmt: skip
    Body.objects.filter(pk=council.body.pk).update(kind="committee", power="advisory")
    council.session.refresh_from_db()
    with pytest.raises(ValidationError, match="n’admettent pas de suppléant"):
        council.opened()


def test_whoever_replaces_the_chair_has_no_casting_vote(council):
    Seat.objects.filter(pk=council.seats[0].pk).update(is_chair=False)
    Seat.objects.filter(pk=council.seats[1].pk).update(is_chair=True)
    council.opened(present=(0, 2, 3))
    ballot = council.ballot()
    said = dict(zip([seat.pk for seat in council.seats[:4]], ("against", "for", "for", "against"), strict=True))
    services.record_positions(ballot=ballot, positions=said, **council.act)
    assert services.close_ballot(ballot=ballot, chair_votes_for=False, **council.act).chair_votes_for is False


def test_names_minutes_and_seal_say_who_sat_in_the_place_of_whom(council):
    council.opened()
    ballot = council.ballot()
    for seat, who in ((0, "Anne"), (1, "Suzy"), (2, "Chloé")):
        council.vote(ballot, seat, "for", who)
    services.close_ballot(ballot=ballot, **council.act)
    decision = services.proclaim(item=council.item, outcome="adopted", text="Adopté.", **council.act)
    told = attendance_told(council.session)
    assert told["attending"].splitlines() == ["Anne", "Chloé", "Suzy, suppléant·e de Bruno"]
    assert told["represented"] == "Bruno, suppléé·e par Suzy"
    assert told["absent"].splitlines() == ["Denis", "Elsa"]
    assert gather(council.session, today=NOW.date()).items[0].names == [
        ("Pour", "Anne, Chloé, Suzy, suppléant·e de Bruno")
    ]
    record = SealedRecord.objects.get(subject=f"decision:{decision.pk}")
    assert record.told["substitutes"] == {str(council.seats[1].pk): council.people["Suzy"].pk}
    Seat.objects.filter(pk=council.seats[1].pk).update(substitute=None)  # another substitute later changes nothing
    assert check(council.epci, kinds=KINDS) == []
    ballot.voters.filter(seat=council.seats[1]).update(substitute=council.people["Denis"])
    assert ["(substitutes)" in str(fault) for fault in check(council.epci, kinds=KINDS)] == [True, True]


def signed_in(user):
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_the_clerk_marks_the_substitute_and_both_tablets_say_who_votes(council):
    clerk, suzy, bruno = (signed_in(one) for one in (council.clerk, council.users["Suzy"], council.users["Bruno"]))
    desk_url, tablet = (reverse(f"projects:{name}", args=[council.session.pk]) for name in ("desk", "tablet"))
    assert "Suzy, suppléant·e de Bruno" in clerk.get(desk_url).content.decode()
    roll = reverse("projects:roll", args=[council.session.pk])
    wrong = {
        "present": [council.seats[one].pk for one in (0, 1, 2)],
        "substitutes": [council.seats[1].pk],
        "ahead": "on",
    }
    refused = clerk.post(roll, wrong)
    assert refused.status_code == 422 and refused.content.decode().count(" checked") == 5  # nothing ticked is lost
    clerk.post(roll, {"present": [council.seats[one].pk for one in (0, 2)], "ahead": "on"})
    said = suzy.get(tablet).content.decode()
    assert "Suzy, suppléant·e de Bruno" in said and "pas inscrit·e dans la salle" in said
    move = reverse("projects:movement", args=[council.session.pk])
    clerk.post(move, {"seat": council.seats[1].pk, "way": "substitute"})
    assert "Suzy vous supplée et vote à votre place" in bruno.get(tablet).content.decode()
    ballot = council.ballot()
    assert "Votre vote" in suzy.get(tablet).content.decode()
    assert "Votre vote" not in bruno.get(tablet).content.decode()
    vote = {"seat": council.seats[1].pk, "position": "for", "key": uuid4(), "confirmed": 1}
    assert bruno.post(reverse("projects:vote", args=[ballot.pk]), vote).status_code == 403
    assert suzy.post(reverse("projects:vote", args=[ballot.pk]), vote).status_code == 302
    assert "Suzy, suppléant·e de Bruno" in str(desk.voter_rows(ballot))
