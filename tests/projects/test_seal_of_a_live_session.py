"""What was voted by name is sealed by name, what was voted in secret is not; the minutes take up who was there."""

import random
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from cooperation.alphabetical import key
from projects.ballots import services, urgency
from projects.ballots.rules import Totals
from projects.minutes.attendance import attendance_told
from projects.minutes.content import gather
from projects.minutes.sealing import KINDS
from projects.models import BallotPosition, SealedRecord
from projects.seal.checking import check, faults_of
from tests.projects.test_live_session import NOW, clerk, council, opened, opened_ballot  # noqa: F401
from tests.projects.test_seal import ALTERATIONS

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
    printed = gather(decision.item.session, today=NOW.date()).items[0]
    assert [position for position, _ in printed.names] == ["Pour", "Contre", "Abstention"]
    with connection.cursor() as cursor:
        pk = BallotPosition.objects.filter(ballot__item=decision.item, position="for").first().pk
        cursor.execute("UPDATE projects_ballotposition SET position = 'against' WHERE id = %s", [pk])
    faults = check(council.intercommunality, kinds=KINDS)
    assert ["(positions)" in str(fault) for fault in faults] == [True, True]  # of the ballot, then of the decision


def test_every_random_alteration_of_the_positions_is_found(council):  # noqa: F811
    dice, missed = random.Random(f"40 {connection.vendor}"), []
    decision = voted(council, "public")
    pks = list(BallotPosition.objects.filter(ballot__item=decision.item).values_list("pk", flat=True))
    spare = council.seats.exclude(ballot_positions__ballot__item=decision.item).first().pk
    acts = {
        "position": ("UPDATE projects_ballotposition SET position = 'blank' WHERE id = %s", []),
        "seat": (f"UPDATE projects_ballotposition SET seat_id = {spare} WHERE id = %s", []),
        "given_at": ("UPDATE projects_ballotposition SET given_at = %s WHERE id = %s", [NOW + timedelta(seconds=1)]),
        "removal": ("DELETE FROM projects_ballotposition WHERE id = %s", []),
    }
    for name in dice.choices(list(acts), k=ALTERATIONS // 5):
        statement, values = acts[name]
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(statement, [*values, dice.choice(pks)])
            if next(faults_of(council.intercommunality, KINDS, ()), None) is None:
                missed.append(name)
            transaction.set_rollback(True)
    assert missed == []


def test_an_ordinary_ballot_is_sealed_by_its_totals_alone(council):  # noqa: F811
    decision = voted(council, "ordinary")
    told = SealedRecord.objects.get(subject=f"decision:{decision.pk}").told
    assert "positions" not in told and (told["votes_for"], told["votes_against"]) == (17, 10)


TOTALS = [
    "in_office",
    "present",
    "powers",
    "not_taking_part",
    "votes_for",
    "votes_against",
    "abstentions",
    "blank_votes",
]


def faults_after(epci, statement, values):
    """What the check says after an alteration that is then undone."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
        found = check(epci, kinds=KINDS)
        transaction.set_rollback(True)
    return [str(fault) for fault in found]


def test_the_totals_of_every_ballot_are_sealed_also_annulled_or_of_an_item_that_was_put_off(council):  # noqa: F811
    epci = council.intercommunality
    first = opened_ballot(council, present=30)
    services.close_ballot(ballot=first, typed=Totals(20, 10), by=clerk(), at=NOW)
    services.cancel_ballot(ballot=first, reason="Deux personnes ont voté deux fois.", by=clerk(), at=NOW)
    second = services.open_ballot(item=first.item, kind="secret", majority="simple", by=clerk(), at=NOW)
    services.close_ballot(ballot=second, typed=Totals(15, 15), by=clerk(), at=NOW)
    services.proclaim(item=first.item, outcome="deferred", text="À revoir.", by=clerk(), at=NOW)
    made = SealedRecord.objects.order_by("-sequence")[:4]
    assert [one.subject.split(":")[0] for one in made] == ["decision", "ballot", "annulment", "ballot"]
    assert made[3].told["votes_for"] == 20 and made[1].told["votes_for"] == 15
    assert made[2].told["reason"] == "Deux personnes ont voté deux fois."
    assert not {"positions", "substitutes"} & set(made[1].told)  # of a secret ballot, no name
    assert check(epci, kinds=KINDS) == []
    change = "UPDATE projects_ballot SET {} WHERE id = %s"
    for name in TOTALS:  # of an annulled ballot, no constraint holds the sum
        found = faults_after(epci, change.format(f"{name} = COALESCE({name}, 0) + 1"), [first.pk])
        assert f"n° {made[3].sequence}, a été modifié depuis ({name})" in found[0]
    moved = change.format("votes_for = votes_for + 1, votes_against = votes_against - 1")
    assert "(votes_against, votes_for)" in faults_after(epci, moved, [second.pk])[0]
    assert "(is_open)" in faults_after(epci, change.format("state = 'open'"), [second.pk])[0]
    assert "nulle part" in faults_after(epci, change.format("state = 'cancelled'"), [second.pk])[0]


def test_the_vote_on_the_urgency_is_sealed_with_the_decision_on_the_item(council):  # noqa: F811
    session, item = opened(council, present=30, items=1)
    urgency.declare(item, reason="Les travaux commencent lundi.", at=NOW)
    urgency.settle(session=session, totals=Totals(21, 9), chair_votes_for=None, by=clerk(), at=NOW)
    services.proclaim(item=item, outcome="deferred", text="À revoir.", by=clerk(), at=NOW)
    assert check(council.intercommunality, kinds=KINDS) == []
    assert (
        "(urgency)"
        in faults_after(
            council.intercommunality, "UPDATE projects_urgency SET votes_for = 22 WHERE item_id = %s", [item.pk]
        )[0]
    )


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
    assert told["attending"].splitlines() == sorted(told["attending"].splitlines(), key=key)  # É stands with E
    assert "Étienne" in told["attending"] and not told["attending"].splitlines()[-1].startswith("Étienne")
    assert "part au point 1" in told["attending"]
    assert len(told["represented"].splitlines()) == 1
    assert len(told["absent"].splitlines()) == council.seats.count() - 31
