"""What one printed sheet says about a project: plain values, already worded, without a query behind any of them.

A sheet never holds a telephone number or an e-mail address: the document is made to be handed round.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from textwrap import shorten

from cooperation.drawing.bars import Bar
from cooperation.drawing.maps import Map
from cooperation.drawing.timelines import Point, Timeline
from projects.effects.survey_reads import Reading
from projects.funding.rules import Foot
from projects.funding.year_reading import YearTable
from projects.report.effects import Effect

BRIEF = 700  # signs of text, and BRIEF_ACTORS lines of a table, that leave room for another sheet on the page
BRIEF_ACTORS = 6
TALL = 0.8  # times its width: what makes a map a tall one
TOGETHER = 28  # lines of tables and lists, with their headings, that hold on one page
REMARK, YEARS = 100, 4  # signs on a line, lines of a table of years
STEPS = 30  # in two lists at most
STEP_SIGN, DATE_SIGNS, STEP_AIR = 11.6, 11, 0.15  # width of the page by sign, signs of a date, lines between two steps
HEAD = 64  # signs of a title that fit beside the name of the EPCI, on A4


@dataclass(frozen=True)
class Interest:
    """Who gains what, and how it stands towards the shared objective."""

    who: str
    text: str
    convergence: str  # the word on paper
    kind: str  # the code of that word, for the drawing of its border
    gains: str = ""
    gives: str = ""
    fears: str = ""


@dataclass(frozen=True)
class Testimony:
    """What was lived, and put into the file of the élus."""

    text: str
    who: str
    about: str = ""


@dataclass(frozen=True)
class Actor:
    """Who takes part, as what, and through whom.

    `relay` is empty when the person is still to be found, and nothing when the document does not tell it.
    """

    name: str
    role: str
    relay: str | None = None


@dataclass(frozen=True)
class FundingLine:
    """Who brings how much."""

    number: int
    funder: str
    nature: str
    state: str
    amount: Decimal
    percent: Decimal


@dataclass(frozen=True)
class Funding:
    """The plan as adopted: lines, total, drawing, and what the rule of the 20 % says of it."""

    basis: str  # HT or TTC
    cost: Decimal  # on that basis
    lines: Sequence[FundingLine]
    feet: Sequence[Foot]  # under the lines: their total, and what it lacks of the cost
    unfound: int = 0  # the number of what is still to be found, in the table and in the drawing
    tax: str = ""  # what there is to say of HT and TTC, in one sentence
    spending: str = ""  # what is spent each year, HT and TTC, in one sentence
    bar: Bar | None = None
    gap: str = ""  # what the plan lacks to equal the cost, in one sentence
    rule: str = ""
    rule_is_met: bool = True
    yearly: str = ""  # the running costs, in one sentence
    by_year: YearTable | None = None  # nothing when no funder has said a year
    decimals: int = 0  # two as soon as one amount has cents, so that a column reads at a glance


@dataclass(frozen=True)
class Decision:
    """What a body said, on which day, by how many votes."""

    on: dt.date
    body: str
    outcome: str
    votes: str = ""


@dataclass(frozen=True)
class Sheet:
    """One project on paper."""

    key: str  # unique in the document: anchors and textures are named after it
    reference: str
    title: str
    status: str
    axis: str
    objective_of_plan: str
    shared_objective: str
    endorsement: str = ""  # how many actors share it, in one sentence
    need: str = ""
    service: str = ""
    beneficiaries: str = ""
    origin: str = ""
    lead: str = ""
    carried_by: str = ""
    dates: str = ""
    competences: Sequence[str] = ()
    legal_case: str = ""
    orientations: Sequence[str] = ()
    communes: str = ""
    interests: Sequence[Interest] = ()
    actors: Sequence[Actor] = ()
    testimonies: Sequence[Testimony] = ()
    funding: Funding | None = None
    map: Map | None = None
    timeline: Timeline | None = None
    decisions: Sequence[Decision] = ()
    effects: Sequence[Effect] = ()
    surveys: Sequence[Reading] = ()
    remark: str = ""
    invests: Decimal = Decimal(0)  # what it adds to a sum: euros before tax, nothing once it was given up
    is_everywhere: bool = False  # whether it concerns every commune
    head: int = HEAD

    @property
    def running_head(self) -> str:
        """The name of the sheet on one line at the top of its pages."""
        return shorten(f"{self.reference} · {self.title}", self.head, placeholder=" …", break_on_hyphens=False)

    @property
    def has_way(self) -> bool:
        """Whether there is a way to draw: one step is a date, told in brief."""
        return self.timeline is not None and len(self.timeline.points) > 1

    @property
    def way(self) -> Sequence[Sequence[Point]]:
        """The steps in two lists side by side, of about one height; in one, which a page may cut, when they are many.

        Columns that balance themselves are laid out by trial: they took an eighth of the time of a sheet.
        """
        points = self.timeline.points if self.timeline else ()
        if self.timeline is None or len(points) > STEPS:
            return [points]
        signs = int(self.timeline.width / STEP_SIGN)
        heights = [1 + STEP_AIR + (DATE_SIGNS + len(point.label)) // signs for point in points]
        cut = min(range(1, len(points) + 1), key=lambda n: (max(sum(heights[:n]), sum(heights[n:])), -n))
        return [points[:cut], points[cut:]]

    @property
    def holds_together(self) -> bool:
        """Whether all that follows the interests surely holds on one page: it is then never cut between two."""
        lines = (self.actors, self.decisions, self.effects, self.surveys, self.testimonies)
        paid = self.funding.lines if self.funding else ()
        steps = self.timeline.points if self.timeline else ()
        told = sum(map(len, lines)) + len(paid) + len(steps) + len(self.remark) // REMARK
        return told + (YEARS if self.funding and self.funding.by_year else 0) <= TOGETHER

    @property
    def is_placed(self) -> bool:
        """Whether it is told where it stands in the orientations, the competences or the law: lines that are long."""
        return bool(self.orientations or self.competences or self.legal_case)

    @property
    def has_tall_map(self) -> bool:
        """Whether the map needs more height than the lines beside it usually have."""
        return self.map is not None and self.map.view_height > TALL * self.map.view_width

    @property
    def is_brief(self) -> bool:
        """Whether it says so little that two may stand on one page: an action taken over from a plan, for one."""
        told = (self.map, self.interests, self.testimonies, self.decisions, self.effects, self.surveys, self.remark)
        paid = self.funding is not None and self.funding.lines
        words = len(self.shared_objective) + len(self.need) + len(self.legal_case)
        return not (any(told) or paid or self.has_way) and words <= BRIEF and len(self.actors) <= BRIEF_ACTORS

    @property
    def tells_relays(self) -> bool:
        return any(actor.relay is not None for actor in self.actors)
