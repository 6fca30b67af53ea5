"""A session is held: comings and goings, powers, withdrawals, ballots, and a decision from what was frozen."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.utils import timezone

from partners.models import Body, Seat, User
from projects.ballots import room, services, urgency
from projects.ballots.models import (
    Attendance,
    Ballot,
    BallotPosition,
    BallotVoter,
    Proxy,
    SecretTally,
    Sitting,
    Withdrawal,
)
from projects.ballots.rules import Totals
from projects.deliberation import services as sessions
from projects.models import Decision, Move, Project, Session, Status

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def council(demo_territory, db) -> Body:
    return Body.objects.get(kind=Body.Kind.COUNCIL)


def clerk() -> User:
    return User.objects.get(email="assemblees@ccvo.example")


def user(email: str) -> User:
    return User.objects.get(email=email)


def opened(body, present=30, items=2, on=date(2032, 3, 1)):
    """An open session, the first seats in the room, on the first of its items."""
    session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on=on)
    ready = Project.objects.of(body.intercommunality).filter(status=Status.UNDER_REVIEW)[:items]
    for project in ready:
        project.fits_no_orientation, project.orientation_statement = True, "Une urgence."
        project.save()
        sessions.add_item(session=session, project=project, by=clerk())
    there = list(body.seats.all()[:present])
    session = services.open_sitting(session=session, present=there, by=clerk(), at=NOW, ahead=True)
    return session, session.items.first()


def opened_ballot(body, kind="ordinary", majority="simple", **fields):
    _, item = opened(body, **fields)
    return services.open_ballot(item=item, kind=kind, majority=majority, by=clerk(), at=NOW)


def given(ballot, seat, position, key=None, **fields):
    by = seat.member.user
    return services.vote(ballot=ballot, seat=seat, position=position, key=key or uuid4(), by=by, at=NOW, **fields)


def with_accounts(body, number):
    """The first seats of the body, each with an account that may vote."""
    chosen = []
    for rank, seat in enumerate(body.seats.filter(member__isnull=False)[:number]):
        if seat.member.user is None:
            seat.member.user = User.objects.create_user(f"elu{rank}@ccvo.example", full_name=str(seat.member))
            seat.member.save()
        chosen.append(seat)
    return chosen


def test_the_list_of_members_makes_the_numbers_of_the_opening(council):
    session, item = opened(council, present=30)
    assert (session.in_office, session.present, session.powers) == (48, 30, 0)
    assert session.sitting.current_item == item
    assert Attendance.objects.filter(session=session, item=None).count() == 30


def test_comings_and_goings_are_kept_with_the_item_at_which_they_happen(council):
    session, item = opened(council)
    seats = list(council.seats.all())
    services.call_item(item=session.items.last(), by=clerk())
    gone = services.record_departure(session=session, seat=seats[0], by=clerk(), at=NOW)
    come = services.record_arrival(session=session, seat=seats[40], by=clerk(), at=NOW)
    assert gone.item == come.item == session.items.last()
    assert room.room_of(session, item).present == {seat.pk for seat in [*seats[1:30], seats[40]]}
    with pytest.raises(ValidationError, match="n’est pas dans la salle"):
        services.record_departure(session=session, seat=seats[0], by=clerk(), at=NOW)
    with pytest.raises(ValidationError, match="déjà dans la salle"):
        services.record_arrival(session=session, seat=seats[1], by=clerk(), at=NOW)


def test_one_power_per_holder_which_ends_when_the_giver_arrives(council):
    session, _ = opened(council)
    seats = list(council.seats.all())
    give = {"session": session, "by": clerk(), "at": NOW}
    services.give_proxy(giver=seats[40], holder=seats[0], **give)
    with pytest.raises(ValidationError, match=r"L\. 2121-20"):
        services.give_proxy(giver=seats[41], holder=seats[0], **give)
    session.refresh_from_db()
    assert session.powers == 1
    services.record_arrival(seat=seats[40], **give)
    assert Proxy.objects.get().ended_at == NOW
    services.give_proxy(giver=seats[41], holder=seats[0], **give)
    services.revoke_proxy(proxy=Proxy.objects.last(), by=clerk(), at=NOW)
    assert not room.room_of(session, None).powers


def test_nothing_is_put_to_the_vote_without_the_quorum_of_the_item(council):
    session, item = opened(council, present=25)
    seat = council.seats.first()
    services.withdraw(item=item, seat=seat, reason="Membre du bureau de l’association.", by=clerk(), at=NOW)
    with pytest.raises(ValidationError, match="quorum"):
        services.open_ballot(item=item, kind="ordinary", majority="simple", by=clerk(), at=NOW)
    services.call_item(item=session.items.last(), by=clerk())  # the next item: everybody takes part again
    services.open_ballot(item=session.items.last(), kind="ordinary", majority="simple", by=clerk(), at=NOW)


def test_who_stands_aside_votes_neither_in_person_nor_by_the_power_they_hold(council):
    session, item = opened(council)
    seats = list(council.seats.all())
    services.give_proxy(session=session, giver=seats[40], holder=seats[0], by=clerk(), at=NOW)
    services.withdraw(item=item, seat=seats[0], reason="Bailleur du local.", by=clerk(), at=NOW)
    ballot = services.open_ballot(item=item, kind="public", majority="simple", by=clerk(), at=NOW)
    assert ballot.voters.count() == 29
    assert not ballot.voters.filter(seat__in=[seats[0], seats[40]]).exists()
    with pytest.raises(ValidationError, match="pourquoi"):
        services.withdraw(item=item, seat=seats[1], reason=" ", by=clerk(), at=NOW)


def test_the_clerk_does_it_alone_with_totals_and_the_lake_needs_32_votes(council):
    for votes, outcome, other, status in (
        ((31, 7, 4), "rejected", "adopted", Status.REJECTED),
        ((34, 8, 2), "adopted", "rejected", Status.ADOPTED),
    ):
        held_on = date(2032, 3, votes[0] - 10)
        ballot = opened_ballot(council, majority="two_thirds_members", present=sum(votes), items=1, on=held_on)
        closed = services.close_ballot(ballot=ballot, typed=Totals(*votes), by=clerk(), at=NOW)
        tell = {"item": ballot.item, "text": "", "by": clerk(), "at": NOW}
        with pytest.raises(ValidationError, match="décompte donne"):
            services.proclaim(outcome=other, **tell)
        decision = services.proclaim(outcome=outcome, **tell)
        assert (decision.votes_for, decision.votes_against, decision.abstentions) == votes
        assert (decision.majority, decision.in_office, decision.present) == ("two_thirds_members", 48, sum(votes))
        assert closed.item.project.__class__.objects.get(pk=ballot.item.project_id).status == status


def test_typed_totals_that_do_not_add_up_or_wipe_out_a_vote_are_refused(council):
    seat = with_accounts(council, 1)[0]
    ballot = opened_ballot(council)
    given(ballot, seat, "against")
    for totals, sentence in ((Totals(29), "30 votants"), (Totals(30), "ne peut pas être inférieur")):
        with pytest.raises(ValidationError, match=sentence):
            services.close_ballot(ballot=ballot, typed=totals, by=clerk(), at=NOW)
    services.close_ballot(ballot=ballot, typed=Totals(29, 1), by=clerk(), at=NOW)


def test_a_vote_sent_again_with_its_key_is_the_same_vote_even_after_the_ballot_is_closed(council):
    seat = with_accounts(council, 1)[0]
    ballot, key = opened_ballot(council), uuid4()
    for position in ("for", "against"):
        given(ballot, seat, position, key)
    with pytest.raises(ValidationError, match="déjà reçu"):
        given(ballot, seat, "against")
    services.close_ballot(ballot=ballot, by=clerk(), at=NOW)
    assert given(ballot, seat, "for", key).has_voted
    ballot.refresh_from_db()
    assert (ballot.votes_for, ballot.votes_against, ballot.abstentions) == (1, 0, 29)
    assert BallotPosition.objects.get(ballot=ballot).position == "for"


def test_nobody_votes_for_another_nor_after_the_close_nor_out_of_the_list(council):
    first, second = with_accounts(council, 2)
    ballot = opened_ballot(council)
    mine = {"ballot": ballot, "position": "for", "at": NOW}
    with pytest.raises(PermissionDenied):
        services.vote(seat=first, key=uuid4(), by=second.member.user, **mine)
    away = council.seats.last()
    with pytest.raises(ValidationError, match="liste des votants"):
        services.vote(seat=away, key=uuid4(), by=first.member.user, **mine)
    given(ballot, first, "for")
    services.close_ballot(ballot=ballot, by=clerk(), at=NOW)
    with pytest.raises(ValidationError, match="clos"):
        given(ballot, second, "for")


def test_an_open_ballot_follows_the_room_and_keeps_the_votes_received(council):
    voter = with_accounts(council, 1)[0]
    ballot = opened_ballot(council, kind="public")
    session, seats = ballot.item.session, list(council.seats.all())
    come_and_go = {"session": session, "by": clerk(), "at": NOW}
    given(ballot, voter, "for")
    with pytest.raises(ValidationError, match="vote est acquis"):
        services.record_departure(seat=voter, **come_and_go)
    other = next(seat for seat in seats[:30] if seat != voter)
    services.record_departure(seat=other, **come_and_go)
    services.record_arrival(seat=seats[40], **come_and_go)
    assert set(ballot.voters.values_list("seat", flat=True)) == {
        seat.pk for seat in [*seats[:30], seats[40]] if seat != other
    }
    assert services.record_positions(ballot=ballot, positions={seats[40].pk: "against"}, by=clerk(), at=NOW) == 1
    assert services.record_positions(ballot=ballot, positions={voter.pk: "against"}, by=clerk(), at=NOW) == 0
    closed = services.close_ballot(ballot=ballot, by=clerk(), at=NOW)
    assert (closed.votes_for, closed.votes_against, closed.abstentions) == (1, 1, 28)


def test_a_public_ballot_keeps_names_and_a_tie_follows_the_chair(council):
    ballot = opened_ballot(council, kind="public", present=30)
    seats = [voter.seat for voter in ballot.voters.select_related("seat")]
    with pytest.raises(ValidationError, match="nom et le vote de chacun"):
        services.close_ballot(ballot=ballot, typed=Totals(15, 15), by=clerk(), at=NOW)
    chair = next(seat for seat in seats if seat.is_chair)
    others = [seat for seat in seats if seat != chair]
    positions = {seat.pk: "for" if n < 14 else "against" for n, seat in enumerate(others)} | {chair.pk: "for"}
    services.record_positions(ballot=ballot, positions=positions, by=clerk(), at=NOW)
    assert services.close_ballot(ballot=ballot, by=clerk(), at=NOW).chair_votes_for is True
    decision = services.proclaim(item=ballot.item, outcome="adopted", text="", by=clerk(), at=NOW)
    assert (decision.votes_for, decision.votes_against, decision.ballot) == (15, 15, "public")


def test_a_secret_tie_is_rejected(council):
    ballot = opened_ballot(council, kind="secret", present=30)
    services.close_ballot(ballot=ballot, typed=Totals(15, 15), chair_votes_for=True, by=clerk(), at=NOW)
    with pytest.raises(ValidationError, match="rejeté"):
        services.proclaim(item=ballot.item, outcome="adopted", text="", by=clerk(), at=NOW)
    services.proclaim(item=ballot.item, outcome="rejected", text="", by=clerk(), at=NOW)


def test_a_secret_ballot_leaves_no_link_between_a_person_and_a_position(council, said):
    seats = with_accounts(council, 6)
    ballot = opened_ballot(council, kind="secret")
    before = list(BallotVoter.objects.filter(ballot=ballot).order_by("pk").values_list("seat__rank", "seat_id"))
    assert before == sorted(before)  # the rows are there before the first vote, in the order of the seats
    tallies = set(SecretTally.objects.filter(ballot=ballot).values_list("pk", flat=True))
    for seat, position in zip(reversed(seats), ["for", "for", "against", "blank", "for", "abstain"], strict=True):
        given(ballot, seat, position)
    with pytest.raises(ValidationError, match="déjà dans l’urne"):
        services.close_ballot(ballot=ballot, typed=Totals(30), by=clerk(), at=NOW)
    services.close_ballot(ballot=ballot, by=clerk(), at=NOW)
    ballot.refresh_from_db()
    assert (ballot.votes_for, ballot.votes_against, ballot.abstentions, ballot.blank_votes) == (3, 1, 25, 1)
    after = list(BallotVoter.objects.filter(ballot=ballot).order_by("pk").values_list("seat__rank", "seat_id"))
    assert after == before  # no row was born of a vote
    assert set(SecretTally.objects.filter(ballot=ballot).values_list("pk", flat=True)) == tallies
    assert not BallotPosition.objects.filter(ballot=ballot).exists()
    assert not BallotPosition.history.filter(ballot=ballot).exists()
    columns = {field.name for field in SecretTally._meta.fields}
    assert columns == {"id", "intercommunality", "ballot", "position", "count"}  # no person, no hour
    assert not {"position", "given_at"} & {field.name for field in BallotVoter._meta.fields}
    assert not hasattr(SecretTally, "history") and not hasattr(BallotVoter, "history")
    assert [row.votes_for for row in ballot.history.order_by("history_id")] == [None, 3]  # totals come all at once
    assert not [record for record in said.records if "against" in record.getMessage()]


def test_the_rows_of_a_secret_ballot_were_all_written_by_the_same_transaction(council):
    """PostgreSQL tells which transaction wrote a row: after the close, it is one and the same for all."""
    if connection.vendor != "postgresql":
        pytest.skip("propre à PostgreSQL")
    seats = with_accounts(council, 4)
    ballot = opened_ballot(council, kind="secret")
    for seat in seats:
        given(ballot, seat, "for")
    services.close_ballot(ballot=ballot, by=clerk(), at=NOW)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT xmin::text FROM projects_ballotvoter WHERE ballot_id = %s "
            "UNION SELECT DISTINCT xmin::text FROM projects_secrettally WHERE ballot_id = %s",
            [ballot.pk, ballot.pk],
        )
        assert len(cursor.fetchall()) == 1


def test_a_decision_is_proclaimed_once_by_the_chair_and_its_effects_come_once(council):
    ballot = opened_ballot(council)
    chair, vice = user("presidente@ccvo.example"), user("vp@ccvo.example")
    tell = {"item": ballot.item, "outcome": "adopted", "text": "", "at": NOW}
    with pytest.raises(ValidationError, match="encore ouvert"):
        services.proclaim(by=chair, **tell)
    services.close_ballot(ballot=ballot, typed=Totals(30), by=clerk(), at=NOW)
    with pytest.raises(PermissionDenied):
        services.proclaim(by=vice, **tell)
    services.proclaim(by=chair, **tell)
    with pytest.raises(ValidationError, match="déjà été proclamée"):
        services.proclaim(by=clerk(), **tell)
    assert Decision.objects.filter(item=ballot.item).count() == 1
    assert Move.objects.filter(project=ballot.item.project, transition="adopt").count() == 1


def test_nobody_proclaims_the_decision_on_their_own_proposal(council):
    ballot = opened_ballot(council)
    Project.objects.filter(pk=ballot.item.project_id).update(author=clerk())
    services.close_ballot(ballot=ballot, typed=Totals(30), by=clerk(), at=NOW)
    with pytest.raises(ValidationError, match="Vous avez proposé"):
        services.proclaim(item=ballot.item, outcome="adopted", text="", by=clerk(), at=NOW)


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        ("taken_note", Status.UNDER_REVIEW), ("referred", Status.UNDER_REVIEW), ("withdrawn", Status.UNDER_REVIEW),
        ("no_object", Status.ABANDONED), ("no_action", Status.ABANDONED), ("deferred", Status.DEFERRED),
    ],
)  # fmt: skip
def test_an_item_ends_without_a_vote(council, outcome, status):
    _, item = opened(council)
    sent_to = Body.objects.get(kind=Body.Kind.BUREAU) if outcome == "referred" else None
    told = {"outcome": outcome, "text": "Le conseil attend l’étude.", "referred_to": sent_to}
    decision = services.proclaim(item=item, **told, by=clerk(), at=NOW)
    assert Project.objects.get(pk=item.project_id).status == status
    assert (decision.present, decision.votes_for) == (30, None)


def test_a_deferred_project_returns_as_a_new_item_of_a_later_session(council):
    session, item = opened(council)
    services.proclaim(item=item, outcome="deferred", text="À revoir.", by=clerk(), at=NOW)
    later = Session.objects.create(
        intercommunality=session.intercommunality, body=council, held_on=session.held_on + timedelta(days=30)
    )
    with pytest.raises(ValidationError, match="après celle"):
        services.bring_back(item=item, session=session, by=clerk())
    again = services.bring_back(item=item, session=later, by=clerk())
    assert again.pk != item.pk and again.project_id == item.project_id
    assert Decision.objects.get(item=item).outcome == "deferred"


def test_an_urgent_item_says_why_it_cannot_wait(council):
    session, _ = opened(council, items=1)
    project = Project.objects.of(council.intercommunality).filter(status=Status.UNDER_REVIEW).first()
    project.fits_no_orientation, project.orientation_statement = True, "Une urgence."
    project.save()
    add = {"session": session, "project": project, "by": clerk(), "at": NOW}
    with pytest.raises(ValidationError, match="ne peut pas attendre"):
        urgency.add_urgent_item(reason="", **add)
    assert urgency.add_urgent_item(reason="La subvention expire.", **add).urgency.reason == "La subvention expire."


def test_a_cancelled_ballot_stays_in_the_record_and_another_may_be_opened(council):
    ballot = opened_ballot(council)
    services.cancel_ballot(ballot=ballot, reason="Le scrutin devait être public.", by=clerk(), at=NOW)
    services.open_ballot(item=ballot.item, kind="public", majority="simple", by=clerk(), at=NOW)
    assert list(Ballot.objects.filter(item=ballot.item).values_list("state", flat=True)) == ["cancelled", "open"]


def test_only_who_holds_the_session_touches_the_room(council):
    session, item = opened(council)
    vice, seat = user("vp@ccvo.example"), council.seats.first()
    acts = (
        lambda: services.call_item(item=item, by=vice),
        lambda: services.record_departure(session=session, seat=seat, by=vice, at=NOW),
        lambda: services.withdraw(item=item, seat=seat, reason="…", by=vice, at=NOW),
        lambda: services.open_ballot(item=item, kind="ordinary", majority="simple", by=vice, at=NOW),
    )
    for act in acts:
        with pytest.raises(PermissionDenied):
            act()
    assert not Withdrawal.objects.exists() and Sitting.objects.count() == 1


def test_a_body_of_another_territory_lends_no_seat(council):
    session, _ = opened(council)
    stranger = Seat.objects.exclude(body=council).first()
    with pytest.raises(ValidationError, match="n’appartient pas"):
        services.record_arrival(session=session, seat=stranger, by=clerk(), at=NOW)
