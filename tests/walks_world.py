"""The world of the random walks: an EPCI and its people, a council, three projects; and what may be drawn at random."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from django.utils import timezone
from hypothesis import strategies as st

from partners.models import Body, ElectedMember, Role, Seat, User
from projects.deliberation.rules import Majority
from projects.deliberation.services import DECIDING_OUTCOMES
from projects.models import AgendaItem, Ballot, Origin, Project, Status
from tests.factories import make_agent, make_commune, make_coordinator, make_epci, make_member, make_project

NOW = timezone.now()
MEMBERS = 7
SEATS = st.integers(0, MEMBERS - 1)
SUPPLIED = (5, 6)  # the seats whose holder has a substitute
PROJECTS = st.sampled_from(("field", "political", "own"))
AUTHOR = {"field": "agent", "political": "chair", "own": "coordinator"}
PEOPLE = ("agent", "coordinator", "clerk", "chair", "councillor", "outsider")
ANYBODY = st.sampled_from(PEOPLE)
COORDINATION = {"coordinator", "clerk"}
# Nobody reviews, places on an agenda or proclaims their own proposal (README).
FOR_OTHERS_ONLY = {"accept", "return", "refuse", "absorb"}
BALLOTS = ("ordinary", "public", "secret")
POSITIONS = ("for", "against", "abstain", "blank")
OUTCOMES = st.sampled_from([one.value for one in DECIDING_OUTCOMES])
VOTED = {"adopted": True, "adopted_modified": True, "rejected": False}
LEADS_TO = {
    "adopted": Status.ADOPTED, "adopted_modified": Status.ADOPTED, "rejected": Status.REJECTED,
    "deferred": Status.DEFERRED, "taken_note": Status.UNDER_REVIEW, "referred": Status.UNDER_REVIEW,
    "withdrawn": Status.UNDER_REVIEW, "no_object": Status.ABANDONED, "no_action": Status.ABANDONED,
}  # fmt: skip
# The life of a project once it is adopted, as the regulations tell it.
GOES_ON = {
    Status.ADOPTED: "start", Status.IN_PROGRESS: "complete", Status.SUSPENDED: "resume", Status.COMPLETED: "evaluate",
}  # fmt: skip
TURNS = st.sampled_from(("goes on",) * 4 + ("start", "suspend", "resume", "complete", "evaluate", "abandon"))


def said_by_all(*positions: str) -> st.SearchStrategy[dict[int, str]]:
    return st.fixed_dictionaries({seat: st.sampled_from(positions) for seat in range(MEMBERS)})


# Carried, refused, divided: three walls of the rules of the vote. Divided, each answers the one before.
DIVIDED = st.sampled_from(("for", "against")).map(
    lambda first: {
        seat: first if seat % 2 == 0 else {"for": "against", "against": "for"}[first] for seat in range(MEMBERS)
    }
)
SAID = said_by_all("for", "for", "for", "abstain") | said_by_all("against", "against", "for") | DIVIDED


@dataclass(frozen=True)
class Wanted:
    """A vote that is led to its end: on which project, how it is held, what each says, and what is proclaimed of it."""

    kind: str
    person: str
    ballot: str
    majority: str
    said: dict[int, str]
    by_hand: bool
    chair: bool
    outcome: str
    right: bool  # the outcome proclaimed is the one that the count gives


WANTED = st.builds(
    Wanted, kind=PROJECTS, person=st.sampled_from(("clerk", "chair", "coordinator")), ballot=st.sampled_from(BALLOTS),
    majority=st.sampled_from(("simple", *Majority)), said=SAID, by_hand=st.booleans(), chair=st.booleans(),
    outcome=OUTCOMES, right=st.sampled_from((True, True, False)),
)  # fmt: skip
COMES_FROM = [state for state in Status if state != Status.ON_AGENDA] + [Status.UNDER_REVIEW] * 12 + [Status.DRAFT] * 3


@dataclass
class World:
    """An EPCI, its people, a council of seven whose first seat chairs, and one project of each kind of author."""

    people: dict[str, User]
    body: Body
    other: Body  # to which a project may be sent
    seats: list[Seat]
    voters: list[User]
    substitutes: dict[int, User]
    projects: dict[str, Project]
    tried: Counter[tuple[str, bool]] = field(default_factory=Counter)


def make_world() -> World:
    epci = make_epci()
    commune = make_commune(epci)
    voters = [make_member(epci, Role.ELECTED, f"Membre {number}") for number in range(MEMBERS)]
    substitutes = {seat: make_member(epci, Role.ELECTED, f"Suppléance {seat}") for seat in SUPPLIED}
    people = {
        user: ElectedMember.objects.create(intercommunality=epci, commune=commune, full_name=str(user), user=user)
        for user in [*voters, *substitutes.values()]
    }
    body = Body.objects.create(intercommunality=epci, kind="council", name="Conseil", power="deciding")
    other = Body.objects.create(intercommunality=epci, kind="committee", name="Commission", power="advisory")
    seats = [
        Seat.objects.create(
            body=body,
            member=people[user],
            substitute=people.get(substitutes.get(rank)),
            rank=rank,
            is_chair=rank == 0,
        )
        for rank, user in enumerate(voters)
    ]
    known = {
        "agent": make_agent(epci),
        "coordinator": make_coordinator(epci),
        "clerk": make_coordinator(epci, "Nathalie Coste"),
        "chair": voters[0],
        "councillor": make_member(epci, Role.COUNCILLOR, "Suzanne Pichois"),
        "outsider": make_coordinator(make_epci(1), "Une autre"),
    }
    projects = {
        kind: make_project(
            epci, author=known[author], oriented=True, status=Status.SUBMITTED,
            origin=Origin.POLITICAL if kind == "political" else Origin.FIELD,
        )
        for kind, author in AUTHOR.items()
    }  # fmt: skip
    return World(known, body, other, seats, voters, substitutes, projects)


@dataclass
class Point:
    """What is known of an item of the agenda by whoever watches: who stands aside, the vote, the decision."""

    item: AgendaItem
    aside: set[int] = field(default_factory=set)
    ballot: Ballot | None = None
    kind: str = ""
    majority: str = ""
    votes: dict[int, str] = field(default_factory=dict)
    totals: tuple[int, int, int, int] | None = None  # for, against, abstentions, blank: once the ballot is closed
    chair: bool | None = None
    outcome: str = ""

    @property
    def is_open(self) -> bool:
        return self.ballot is not None and self.totals is None
