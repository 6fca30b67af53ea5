"""What was voted by name is sealed by name, what was voted in secret is not; the minutes take up who was there."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from projects.ballots import services
from projects.minutes.attendance import attendance_told
from projects.minutes.content import gather
from projects.minutes.sealing import KINDS
from projects.models import BallotPosition, SealedRecord
from projects.seal.checking import check
from tests.projects.test_live_session import NOW, clerk, council, opened, opened_ballot  # noqa: F401

pytestmark = pytest.mark.django_db


def voted(body, kind):
    """A decision by 30 members: seventeen for, ten against, three abstain."""
    ballot = opened_ballot(body, kind=kind, present=30)
    seats = list(ballot.voters.values_list("seat_id", flat=True))
    names = ["for"] * 17 + ["against"] * 10 + ["abstain"] * 3
    services.record_positions(ballot=ballot, positions=dict(zip(seats, names, strict=True)), by=clerk(), at=NOW)
    services.close_ballot(ballot=ballot, by=clerk(), at=NOW)
    return services.proclaim(item=ballot.item, outcome="adopted", text="Le conseil adopte.", by=clerk(), at=NOW)


def test_the_positions_of_a_public_ballot_are_sealed_printed_and_watched(council):  # noqa: F811
    decision = voted(council, "public")
    record = SealedRecord.objects.get(subject=f"decision:{decision.pk}")
    assert len(record.told["positions"]) == 30 == len(record.told["told"]["names"])
    assert check(council.intercommunality, kinds=KINDS) == []
    printed = gather(decision.item.session).items[0]
    assert [position for position, _ in printed.names] == ["Pour", "Contre", "Abstention"]
    with connection.cursor() as cursor:
        pk = BallotPosition.objects.filter(ballot__item=decision.item, position="for").first().pk
        cursor.execute("UPDATE projects_ballotposition SET position = 'against' WHERE id = %s", [pk])
    [fault] = check(council.intercommunality, kinds=KINDS)
    assert "(positions)" in str(fault)


def test_every_random_alteration_of_the_positions_is_found(council):  # noqa: F811
    dice, missed = random.Random(40), []
    decision = voted(council, "public")
    pks = list(BallotPosition.objects.filter(ballot__item=decision.item).values_list("pk", flat=True))
    spare = council.seats.exclude(ballot_positions__ballot__item=decision.item).first().pk
    acts = {
        "position": ("UPDATE projects_ballotposition SET position = 'blank' WHERE id = %s", []),
        "seat": (f"UPDATE projects_ballotposition SET seat_id = {spare} WHERE id = %s", []),
        "given_at": ("UPDATE projects_ballotposition SET given_at = %s WHERE id = %s", [NOW + timedelta(seconds=1)]),
        "removal": ("DELETE FROM projects_ballotposition WHERE id = %s", []),
    }
    for name in dice.choices(list(acts), k=200):
        statement, values = acts[name]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, [*values, dice.choice(pks)])
            if not check(council.intercommunality, kinds=KINDS):
                missed.append(name)
            transaction.set_rollback(True)
    assert missed == []


def test_an_ordinary_ballot_is_sealed_by_its_totals_alone(council):  # noqa: F811
    decision = voted(council, "ordinary")
    told = SealedRecord.objects.get(subject=f"decision:{decision.pk}").told
    assert "positions" not in told and (told["votes_for"], told["votes_against"]) == (17, 10)


def test_a_new_holder_of_a_seat_is_no_alteration(council):  # noqa: F811
    voted(council, "public")
    seat = council.seats.first()
    seat.member = council.seats.exclude(member=None).last().member
    seat.save()
    assert check(council.intercommunality, kinds=KINDS) == []


def test_the_minutes_take_up_who_was_there(council):  # noqa: F811
    session, _ = opened(council, present=30)
    seats = list(council.seats.all())
    services.record_departure(session=session, seat=seats[0], by=clerk(), at=timezone.now())
    services.give_proxy(session=session, giver=seats[40], holder=seats[1], by=clerk(), at=NOW)
    told = attendance_told(session)
    assert len(told["attending"].splitlines()) == 30
    assert "part au point 1" in told["attending"]
    assert len(told["represented"].splitlines()) == 1
    assert len(told["absent"].splitlines()) == council.seats.count() - 31
