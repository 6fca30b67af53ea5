"""Walks at random through the life of three projects and the session that decides on them, with the real verbs.

Each act is tried on the platform and judged apart, by the table that the tests write by hand
(`tests/projects/test_workflow.py`) and by the law as it is told here in a few lines: what the platform does and what
should be must be the same thing, refusals included. Two rules lead the walk where chance alone hardly ever goes: to a
proclamation, and to what follows it; each of their acts is judged as if it came alone. The suite plays a few walks;
`make proof` plays 5,000 on SQLite and as many of the pure rules (`tests/projects/test_live_rules.py`).
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from projects.ballots import services as live
from projects.ballots.rules import Totals
from projects.deliberation import services as sessions
from projects.deliberation.rules import Majority
from projects.minutes.sealing import KINDS
from projects.models import (
    Ballot,
    BallotPosition,
    BallotVoter,
    Decision,
    Move,
    Project,
    Proxy,
    SecretTally,
    Session,
    Status,
)
from projects.proposals.services import move
from projects.proposals.workflow import workflow
from projects.seal.checking import check
from tests.walks_world import (
    ANYBODY,
    AUTHOR,
    BALLOTS,
    COMES_FROM,
    COORDINATION,
    FOR_OTHERS_ONLY,
    GOES_ON,
    LEADS_TO,
    MEMBERS,
    NOW,
    OUTCOMES,
    POSITIONS,
    PROJECTS,
    SEATS,
    SUPPLIED,
    TURNS,
    VOTED,
    WANTED,
    Point,
    World,
)


class Walk(RuleBasedStateMachine):
    """One walk; `world` and `table` are given by whoever plays it. Nothing of it stays in the database."""

    world: World
    table: dict

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        try:
            assert check(self.world.body.intercommunality, kinds=KINDS) == []
        finally:
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    @initialize(
        states=st.tuples(*[st.sampled_from(COMES_FROM)] * 3), present=st.sets(SEATS, min_size=3),
        supplied=st.sets(st.sampled_from(SUPPLIED)), wanted=st.none() | WANTED,
    )  # fmt: skip
    def begin(self, states, present, supplied, wanted):
        self.status = dict(zip(AUTHOR, states, strict=True))
        for kind, state in self.status.items():
            Project.objects.filter(pk=self.world.projects[kind].pk).update(status=state)
        self.moves, self.decisions, self.held_on = 0, 0, date(2032, 1, 5)
        self.sent: set[str] = set()  # to another body, which speaks first
        self.open_session(present, supplied)
        if wanted:
            self.lead_to_a_decision(wanted)

    def open_session(self, present, supplied):
        body = self.world.body
        self.session = Session.objects.create(intercommunality=body.intercommunality, body=body, held_on=self.held_on)
        self.present, self.substituted = present | supplied, supplied - present  # who sits in the place of the holder
        self.powers, self.points, self.current = {}, {}, None
        seats, substitutes = ([self.world.seats[one] for one in found] for found in (present, self.substituted))
        there = {"present": seats, "substitutes": substitutes}
        live.open_sitting(session=self.session, **there, by=self.clerk, at=NOW, ahead=True)

    # What is tried, and what should come of it

    @property
    def clerk(self):
        return self.world.people["clerk"]

    def project(self, kind):
        return Project.objects.get(pk=self.world.projects[kind].pk)

    def attempt(self, should, act, name=""):
        """Do the act: it must go through when it should, and be refused in French with nothing changed otherwise."""
        try:
            with transaction.atomic():
                done = act()
        except ValidationError as refusal:
            assert not should, f"{name} : refusé ({refusal.messages[0]})"
            assert all(message.endswith((".", ").")) for message in refusal.messages), refusal.messages
            done = None
        except PermissionDenied as refusal:
            assert not should, f"{name} : refusé ({refusal})"
            assert str(refusal).endswith(".")
            done = None
        else:
            assert should, f"{name} : accepté"
        self.world.tried[name, should] += 1
        return done

    # The law, in a few lines

    def taking_part(self, point):
        return self.present - point.aside

    def powers_in_use(self, point):
        here = self.taking_part(point) - self.substituted  # a power is given to a person
        return {
            giver: holder for giver, holder in self.powers.items()
            if holder in here and giver not in self.present and giver not in point.aside
        }  # fmt: skip

    def voters(self, point):
        return {seat: seat for seat in self.taking_part(point)} | self.powers_in_use(point)

    def hand(self, seat):
        """Who votes from a seat: its holder, or the substitute who sits there."""
        return self.world.substitutes[seat] if seat in self.substituted else self.world.voters[seat]

    def has_quorum(self, point):
        return 2 * len(self.taking_part(point)) > MEMBERS

    def has_voted(self, seat):
        """The member gave a vote in the open ballot, or carries the power of one whose vote was given."""
        point = self.points.get(self.current)
        carried = {giver for giver, holder in self.powers.items() if holder == seat} | {seat}
        return bool(point and point.is_open and carried & set(point.votes))

    def carried(self, point):
        """What the count gives; None when a tie waits for the word of the chair."""
        votes_for, against = point.totals[:2]
        if point.majority == Majority.TWO_THIRDS_MEMBERS:
            return 3 * votes_for >= 2 * MEMBERS
        if point.majority == Majority.TWO_THIRDS_CAST:
            return votes_for > 0 and 3 * votes_for >= 2 * (votes_for + against)
        if votes_for == against > 0 and point.kind != "secret":
            return point.chair
        return votes_for > against

    # The life of a project

    @rule(kind=PROJECTS, data=st.data(), says=st.sampled_from((True, True, False)))
    def go_on(self, kind, data, says):
        """A move that leaves the present state, by who may do it: chance alone takes few of them."""
        found = {name: who for name, (who, sources, _) in self.table.items() if self.status[kind] in sources}
        names = sorted(name for name, who in found.items() if who != "session" and not name.endswith("agenda"))
        if names:
            name = data.draw(st.sampled_from(names))
            other = "clerk" if AUTHOR[kind] == "coordinator" else "coordinator"
            self.move(kind, name, AUTHOR[kind] if "author" in found[name] else other, says)

    @rule(kind=PROJECTS, name=st.sampled_from(sorted(workflow.table)), person=ANYBODY, says=st.booleans())
    def move(self, kind, name, person, says):
        who, sources, target = self.table[name]
        if who == "session" or name in {"place_on_agenda", "take_off_agenda"}:
            offered = {one.name for one, _ in workflow.actions(self.project(kind), self.world.people[person])}
            assert who != "session" or name not in offered
            return
        is_author = person == AUTHOR[kind]
        may = {
            "author": is_author,
            "elected author": is_author and kind == "political",
            "coordinator": person in COORDINATION and not (is_author and name in FOR_OTHERS_ONLY),
        }[who]
        should = may and self.status[kind] in sources and (says or not workflow.table[name].needs_reason)
        act = {"name": name, "by": self.world.people[person], "reason": "Il le faut." if says else "  "}
        if self.attempt(should, lambda: move(project=self.project(kind), **act), name):
            self.status[kind] = target
            self.moves += 1

    @rule(kind=PROJECTS, person=ANYBODY)
    def place_on_agenda(self, kind, person):
        is_ready = self.status[kind] in {Status.UNDER_REVIEW, Status.DEFERRED} and kind not in self.points
        should = is_ready and kind not in self.sent and person in COORDINATION and person != AUTHOR[kind]
        told = {"session": self.session, "project": self.project(kind), "by": self.world.people[person]}
        if item := self.attempt(should, lambda: sessions.add_item(**told), "place_on_agenda"):
            self.points[kind] = Point(item)
            self.status[kind] = Status.ON_AGENDA
            self.moves += 1

    @precondition(lambda self: self.points)
    @rule(kind=PROJECTS, person=ANYBODY, says=st.booleans())
    def take_off_agenda(self, kind, person, says):
        if not (point := self.points.get(kind)):
            return
        # What was put to the vote, or from which somebody stood aside, is in the record: it is decided upon.
        is_untouched = not point.outcome and not Ballot.objects.filter(item=point.item).exists() and not point.aside
        should = is_untouched and person in COORDINATION and says
        told = {"by": self.world.people[person], "reason": "Pas prêt." if says else ""}
        self.attempt(should, lambda: sessions.remove_item(item=point.item, **told), "take_off_agenda")
        if should:
            del self.points[kind]
            self.current = None if self.current == kind else self.current
            self.status[kind] = Status.UNDER_REVIEW
            self.moves += 1

    @precondition(lambda self: self.points)
    @rule(present=st.sets(SEATS, min_size=3), supplied=st.sets(st.sampled_from(SUPPLIED)))
    def close_session(self, present, supplied):
        should = all(point.outcome for point in self.points.values())
        if self.attempt(should, lambda: sessions.close_session(session=self.session, by=self.clerk), "close_session"):
            self.held_on += timedelta(days=28)
            self.open_session(present, supplied)

    # The room

    @rule(seat=SEATS)
    def arrive(self, seat):
        self.come_in(seat, "arrive", should=seat not in self.present, as_substitute=False)

    @rule(seat=st.sampled_from((*SUPPLIED, 4)))
    def replace(self, seat):
        should = seat in SUPPLIED and seat not in self.present
        if self.come_in(seat, "replace", should=should, as_substitute=True):
            self.substituted.add(seat)

    def come_in(self, seat, name, *, should, as_substitute):
        should = should and not self.has_voted(seat)
        told = {"session": self.session, "seat": self.world.seats[seat], "by": self.clerk, "at": NOW}
        done = self.attempt(should, lambda: live.record_arrival(**told, as_substitute=as_substitute), name)
        if done:
            self.present.add(seat)
            self.powers.pop(seat, None)
        return done

    @rule(seat=SEATS)
    def leave(self, seat):
        should = seat in self.present and not self.has_voted(seat)
        told = {"session": self.session, "seat": self.world.seats[seat], "by": self.clerk, "at": NOW}
        if self.attempt(should, lambda: live.record_departure(**told), "leave"):
            self.present.remove(seat)
            self.substituted.discard(seat)

    @rule(giver=SEATS, holder=SEATS)
    def give_power(self, giver, holder):
        should = (
            giver not in self.present and holder in self.present - self.substituted
            and giver not in self.powers and holder not in self.powers.values()
        )  # fmt: skip
        told = {"giver": self.world.seats[giver], "holder": self.world.seats[holder], "by": self.clerk, "at": NOW}
        if self.attempt(should, lambda: live.give_proxy(session=self.session, **told), "give_power"):
            self.powers[giver] = holder

    @precondition(lambda self: self.powers)
    @rule(data=st.data())
    def revoke_power(self, data):
        giver = data.draw(st.sampled_from(sorted(self.powers)))
        point = self.points.get(self.current)
        should = not (point and point.is_open and giver in point.votes)
        proxy = Proxy.objects.get(session=self.session, giver=self.world.seats[giver], ended_at=None)
        self.attempt(should, lambda: live.revoke_proxy(proxy=proxy, by=self.clerk, at=NOW), "revoke_power")
        if should:
            del self.powers[giver]

    @precondition(lambda self: self.points)
    @rule(kind=PROJECTS, seat=SEATS, says=st.booleans())
    def stand_aside(self, kind, seat, says):
        if not (point := self.points.get(kind)):
            return
        is_closed = point.ballot is not None and not point.is_open
        should = says and seat not in point.aside and not point.outcome and not is_closed
        should = should and not (point.is_open and self.has_voted(seat))
        told = {"item": point.item, "seat": self.world.seats[seat], "reason": "Son frère est candidat." * says}
        if self.attempt(should, lambda: live.withdraw(**told, by=self.clerk, at=NOW), "stand_aside"):
            point.aside.add(seat)

    # The vote

    @precondition(lambda self: self.points)
    @rule(kind=PROJECTS, person=ANYBODY)
    def call(self, kind, person):
        if not (point := self.points.get(kind)):
            return
        current = self.points.get(self.current)
        should = person in COORDINATION and not (current and current is not point and current.is_open)
        told = {"item": point.item, "by": self.world.people[person]}
        if self.attempt(should, lambda: live.call_item(**told), "call"):
            self.current = kind

    @precondition(lambda self: self.current)
    @rule(ballot=st.sampled_from(BALLOTS), majority=st.sampled_from(Majority))
    def open_ballot(self, ballot, majority):
        point = self.points[self.current]
        should = point.ballot is None and not point.outcome and self.has_quorum(point)
        told = {"item": point.item, "kind": ballot, "majority": majority, "by": self.clerk, "at": NOW}
        if opened := self.attempt(should, lambda: live.open_ballot(**told), "open_ballot"):
            point.ballot, point.kind, point.majority, point.votes = opened, ballot, majority, {}

    @precondition(lambda self: self.current and self.points[self.current].ballot)
    @rule(seat=SEATS, by=SEATS, position=st.sampled_from(POSITIONS), own=st.booleans(), holder=st.booleans())
    def vote(self, seat, by, position, own, holder=False):
        """`own`: by whom it should be; `holder`: by the holder of the seat, even where a substitute sits."""
        point = self.points[self.current]
        voters = self.voters(point)
        by = voters.get(seat, by) if own else by
        person = self.world.voters[by] if holder else self.hand(by)
        should = point.is_open and voters.get(seat) == by and seat not in point.votes and person == self.hand(by)
        told = {"ballot": point.ballot, "seat": self.world.seats[seat], "position": position, "key": uuid4()}
        if self.attempt(should, lambda: live.vote(**told, by=person, at=NOW), "vote"):
            point.votes[seat] = position

    @precondition(lambda self: self.current and self.points[self.current].ballot)
    @rule(said=st.dictionaries(SEATS, st.sampled_from(POSITIONS), min_size=3))
    def write_votes(self, said):
        point = self.points[self.current]
        should = point.is_open and point.kind != "secret"
        positions = {self.world.seats[seat].pk: position for seat, position in said.items()}
        told = {"ballot": point.ballot, "positions": positions, "by": self.clerk, "at": NOW}
        if self.attempt(should, lambda: live.record_positions(**told), "write_votes") is not None:
            voters = self.voters(point)
            point.votes = {seat: told for seat, told in said.items() if seat in voters} | point.votes

    @precondition(lambda self: self.current and self.points[self.current].ballot)
    @rule(typed=st.none() | st.tuples(st.integers(0, 7), st.integers(0, 7)), chair=st.none() | st.booleans())
    def close_ballot(self, typed, chair):
        point = self.points[self.current]
        voters, given = self.voters(point), [list(point.votes.values()).count(one) for one in POSITIONS]
        totals = given.copy()
        if typed is None:
            totals[2] += len(voters) - len(point.votes)  # who is entitled and silent abstains
            should = point.is_open and bool(point.votes)
        else:
            votes_for, against = typed
            totals = [votes_for, against, max(len(voters) - votes_for - against - given[3], 0), given[3]]
            fits = sum(totals) == len(voters) and votes_for >= given[0] and against >= given[1]
            may = point.kind == "ordinary" or (point.kind == "secret" and not point.votes)
            should = point.is_open and fits and may
        told = {"typed": Totals(*totals) if typed else None, "chair_votes_for": chair}
        if self.attempt(
            should, lambda: live.close_ballot(ballot=point.ballot, **told, by=self.clerk, at=NOW), "close_ballot"
        ):
            point.totals = tuple(totals)
            here = point.kind != "secret" and voters.get(0) == 0  # who is represented does not preside
            named = point.votes.get(0) if here else None
            point.chair = None if point.kind == "secret" else named == "for" if named else chair

    @precondition(lambda self: self.current and self.points[self.current].ballot)
    @rule(says=st.booleans())
    def cancel_ballot(self, says):
        point = self.points[self.current]
        should = says and not point.outcome
        told = {"ballot": point.ballot, "reason": "Une erreur." if says else "", "by": self.clerk, "at": NOW}
        self.attempt(should, lambda: live.cancel_ballot(**told), "cancel_ballot")
        if should:
            point.ballot, point.totals, point.votes, point.kind = None, None, {}, ""

    @precondition(lambda self: self.points)
    @rule(kind=PROJECTS, person=ANYBODY, outcome=OUTCOMES, right=st.booleans(), says=st.booleans())
    def proclaim(self, kind, person, outcome, right, says):
        if not (point := self.points.get(kind)):
            return
        if right and point.totals and (given := self.carried(point)) is not None:
            carried = "adopted_modified" if outcome == "adopted_modified" else "adopted"
            outcome = carried if given else "rejected"
        should = self.may_proclaim(kind, person, point, outcome) and (
            says or outcome in {"adopted", "rejected", "taken_note"}
        )
        told = {"outcome": outcome, "text": "Ainsi décidé." if says else "", "by": self.world.people[person], "at": NOW}
        told["referred_to"] = self.world.other if outcome == "referred" and says else None
        if self.attempt(should, lambda: live.proclaim(item=point.item, **told), f"proclaim {outcome}"):
            point.outcome = outcome
            self.sent |= {kind} if outcome == "referred" else set()
            self.status[kind] = LEADS_TO[outcome]
            self.moves += 1
            self.decisions += 1

    def may_proclaim(self, kind, person, point, outcome):
        if person not in COORDINATION | {"chair"} or person == AUTHOR[kind] or point.outcome or point.is_open:
            return False
        if outcome == "withdrawn":  # the act of the chair: nobody deliberates
            return True
        if point.totals is None:
            return outcome not in VOTED and self.has_quorum(point)
        return outcome not in VOTED or self.carried(point) is VOTED[outcome]

    # A vote led to its end, and what comes after: chance alone hardly ever goes so far

    @rule(wanted=WANTED)
    def lead_to_a_decision(self, wanted):
        """From the instruction to the proclamation; what was done before may stand in the way of any act."""
        kind = wanted.kind
        if self.status[kind] == Status.SUBMITTED:
            self.move(kind, "accept", "clerk", True)
        if kind not in self.points:
            self.place_on_agenda(kind, "clerk")
        if not (point := self.points.get(kind)) or point.outcome:
            return
        self.call(kind, "clerk")
        if self.current != kind:
            return
        self.open_ballot(wanted.ballot, wanted.majority)
        if point.is_open:
            self.give_votes(point, wanted)
        self.proclaim(kind, wanted.person, wanted.outcome, wanted.right, True)

    def give_votes(self, point, wanted):
        """Each on their own tablet, in the words of the clerk, or as totals alone; then the ballot is closed."""
        voters, totals = self.voters(point), None
        if wanted.by_hand and point.kind != "public":
            heard = [wanted.said[seat] for seat in voters if seat not in point.votes] + list(point.votes.values())
            totals = heard.count("for"), heard.count("against")
        elif point.kind == "secret":
            for seat, by in voters.items():
                self.vote(seat, by, wanted.said[seat], False)
        else:
            self.write_votes(wanted.said)
        self.close_ballot(totals, wanted.chair)

    @precondition(lambda self: set(self.status.values()) & set(GOES_ON))
    @rule(data=st.data(), turns=st.lists(TURNS, min_size=1, max_size=4), person=st.sampled_from(sorted(COORDINATION)))
    def follow_the_project(self, data, turns, person):
        """What becomes of a project that was adopted, one turn after the other, possible or not."""
        kind = data.draw(st.sampled_from([one for one, state in self.status.items() if state in GOES_ON]))
        for turn in turns:
            self.move(kind, GOES_ON.get(self.status[kind], "start") if turn == "goes on" else turn, person, True)

    # What is true at every moment

    @invariant()
    def the_database_says_the_same(self):
        if not hasattr(self, "status"):
            return
        pks = {kind: project.pk for kind, project in self.world.projects.items()}
        states = dict(Project.objects.filter(pk__in=pks.values()).values_list("pk", "status"))
        assert {kind: states[pk] for kind, pk in pks.items()} == self.status
        assert Move.objects.count() == self.moves
        assert Decision.objects.count() == self.decisions
        for point in self.points.values():
            if point.ballot:
                self.the_ballot_says_the_same(point)

    def the_ballot_says_the_same(self, point):
        number = {seat.pk: rank for rank, seat in enumerate(self.world.seats)}
        names = ("seat_id", "cast_by_id", "substitute_id", "has_voted")
        rows = BallotVoter.objects.filter(ballot=point.ballot).values_list(*names)
        assert {number[seat] for seat, _, _, voted in rows if voted} == set(point.votes)
        if point.is_open:
            assert {number[seat]: number[by] for seat, by, _, _ in rows} == (voters := self.voters(point))
            assert {number[seat] for seat, _, replaced, _ in rows if replaced} == self.substituted & voters.keys()
        named = dict(BallotPosition.objects.filter(ballot=point.ballot).values_list("seat_id", "position"))
        if point.kind == "secret":
            counts = dict(SecretTally.objects.filter(ballot=point.ballot).values_list("position", "count"))
            assert named == {}
            assert counts == {one: list(point.votes.values()).count(one) for one in POSITIONS}
        else:
            assert {number[seat]: position for seat, position in named.items()} == point.votes
        if point.totals:
            frozen = Ballot.objects.get(pk=point.ballot.pk)
            told = (frozen.votes_for, frozen.votes_against, frozen.abstentions, frozen.blank_votes)
            assert told == point.totals
