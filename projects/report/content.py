"""Gathers the printed projet de territoire of an EPCI in a constant number of queries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING

from cooperation.drawing.maps import Map
from cooperation.french import counted, typo, uncapitalized
from projects.funding.share_reading import served_by
from projects.funding.share_rules import even_split
from projects.models import Mandate, Orientation, Project, StrategyNode, TerritorialPlan
from projects.proposals.states import agreeing
from projects.report import chapters
from projects.report.choices import Chapter, Choices
from projects.report.dates import DatedSheet, order_by_date
from projects.report.effects_chapter import EffectsChapter, tell_effects
from projects.report.reading import AS_TODAY, Present, reading_of, with_everything
from projects.report.selections import tell_chosen
from projects.report.sheets import Sheet
from projects.report.territory import (
    CLOSE,
    MOST_NAMED,
    ONE_COLUMN,
    CommuneRow,
    count_communes,
    draw_cover,
    draw_figures,
    read_outlines,
    read_populations,
    sum_figures,
)
from projects.report.writing import ON_A4, ON_A5, write_sheet
from territories.models import Commune, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

CONVERGENCE_WORDS = (
    ("convergent", "convergent", "son intérêt va dans le sens de l’objectif ;"),
    ("compatible", "compatible", "son intérêt est autre, et ne le gêne pas ;"),
    ("divergent", "divergent", "son intérêt le contrarie : il faut en parler."),
)

SHORT_REFERENCE = 4  # signs
# Lines of the contents on a page, and how many more when they are set closer.
ON_A4_PAGE, ON_A5_PAGE = (47, 8), (35, 5)
FEW_LINES, HARDLY_ANY = 12, 3  # of contents that leave room below them; that nobody needs, all being at hand
TITLE_LINE = 24  # signs of the title of a cover; a title of two lines leaves one below it, of
A4_LINE, A5_LINE = 80, 55
FEW_WORDS = 900  # signs of a foreword that leave most of its page white


@dataclass(frozen=True)
class OrientationRow:
    """An orientation of the mandate, how many projects serve it, how far they are, what they cost.

    Its budget is in euros before tax; a project that serves two orientations counts for each in equal parts.
    """

    code: str
    title: str
    text: str
    projects: int
    progress: str = ""
    budget: Decimal = Decimal(0)


@dataclass(frozen=True)
class ObjectiveRow:
    """The last level of the plan: its words and the sheets that serve it."""

    label: str
    sheets: Sequence[Sheet]


@dataclass(frozen=True)
class Axis:
    """The first level of the plan; `sheets` are those printed after its opening page."""

    anchor: str
    number: str
    label: str
    title: str
    text: str
    objectives: Sequence[ObjectiveRow]
    sheets: Sequence[Sheet]

    @property
    def progress(self) -> str:
        """How many projects it has, and in which state, in one line."""
        return say_progress(self.sheets)

    @property
    def budget(self) -> Decimal:
        """What its projects invest, in euros before tax, each counted once."""
        return sum((sheet.invests for sheet in self.sheets), Decimal(0))


@dataclass(frozen=True)
class Report:
    """The whole document, before it becomes pages."""

    name: str
    name_in_sentence: str
    plan: str
    foreword: str
    mandate: str
    printed_on: dt.date
    population: int
    communes: Sequence[CommuneRow]
    orientations: Sequence[OrientationRow]
    axes: Sequence[Axis]
    figures: Sequence[tuple[str, str]]
    cover_map: Map | None
    territory_map: Map | None
    choices: Choices = field(default_factory=Choices)
    chosen: str = ""  # which projects an extract was asked for, in words
    built: chapters.Built | None = None
    programme: chapters.Programme | None = None
    funders: Sequence[chapters.FundersOf] = ()
    dated: Sequence[DatedSheet] = ()
    partners: Sequence[chapters.PartnerRow] = ()
    levers: Sequence[tuple[str, str]] = ()
    effects: EffectsChapter | None = None
    indexes: Sequence[chapters.IndexList] = ()
    as_today: str = AS_TODAY  # what a past state cannot tell
    sealed: int = 0  # how many records the chain of decisions holds
    chain_head: str = ""  # and the digest of the last
    convergence_words: Sequence[tuple[str, str, str]] = CONVERGENCE_WORDS

    @property
    def sheets(self) -> list[Sheet]:
        return [sheet for axis in self.axes for sheet in axis.sheets]

    @property
    def printed_axes(self) -> list[Axis]:
        """The axes that have pages of their own: an extract leaves out those of which it holds nothing."""
        if not self.has_sheets:
            return []
        partial = self.choices.is_partial
        return [axis for axis in self.axes if not partial or any(row.sheets for row in axis.objectives)]

    @property
    def sheets_count(self) -> int:
        return len(self.sheets)

    @property
    def has_plan(self) -> bool:
        """Whether there is a tree to show; without one, the contents already list the projects."""
        return any(axis.number for axis in self.axes)

    @property
    def names_fit_the_cover(self) -> bool:
        """Below the map there is room for some communes, each of which likes to be named."""
        return len(self.communes) <= MOST_NAMED

    @property
    def choice_fits_the_cover(self) -> bool:
        """Whether what an extract was asked for is said on its cover too; the last page always says it."""
        line = A5_LINE if self.choices.is_small else A4_LINE
        return 0 < len(self.chosen) <= (line if len(self.plan) > TITLE_LINE else 2 * line)

    @property
    def no_project(self) -> str:
        """What is said of an objective that has no project here: an extract leaves out those that were not chosen."""
        return "Aucun projet dans cet extrait." if self.choices.is_partial else "Aucun projet pour l’instant."

    @property
    def is_short_foreword(self) -> bool:
        """Whether the foreword is a few lines: it is then set in larger letters."""
        return len(self.foreword) <= FEW_WORDS

    @property
    def has_many_communes(self) -> bool:
        """Whether their table is set in two columns."""
        return len(self.communes) > ONE_COLUMN

    @property
    def has_dense_communes(self) -> bool:
        """Whether their table is set closer, so that map and table share the page."""
        return len(self.communes) > CLOSE

    @property
    def has_long_references(self) -> bool:
        """Whether references are longer than « P30 », and need a wider column in the contents."""
        return any(len(sheet.reference) > SHORT_REFERENCE for sheet in self.sheets)

    @property
    def has_close_contents(self) -> bool:
        """Whether the contents hold a few lines more than a page: set closer, they still make one."""
        page, closer = ON_A5_PAGE if self.choices.is_small else ON_A4_PAGE
        return page < self.contents_lines <= page + closer

    @property
    def contents_lines(self) -> int:
        """How many chapters, axes and sheets the contents name."""
        return len(self.before) + len(self.after) + sum(1 + len(axis.sheets) for axis in self.printed_axes)

    @property
    def has_contents(self) -> bool:
        """Whether it has enough in it for contents: a territory and a few words, one page each, need none."""
        return self.contents_lines > HARDLY_ANY

    @property
    def has_few_contents(self) -> bool:
        """Whether its contents leave room below them."""
        return self.contents_lines <= FEW_LINES

    @property
    def names_communes(self) -> bool:
        """Whether projects say where they are: those taken over from a plan often do not."""
        return any(commune.projects for commune in self.communes)

    @property
    def is_public(self) -> bool:
        return self.choices.is_public

    @property
    def as_of(self) -> dt.date | None:
        """The past day whose state this is, when it is not that of the day it was printed."""
        return self.choices.day

    @property
    def before(self) -> list[PrintedChapter]:
        """The chapters before the axes that were chosen and have something to say."""
        said = {
            Chapter.FOREWORD: bool(self.foreword),
            Chapter.BUILT: self.built is not None,
            Chapter.GUIDE: bool(self.sheets),  # without a project there is nothing to learn to read
            Chapter.TERRITORY: True,
            Chapter.STRATEGY: self.has_plan or bool(self.orientations),
        }
        return self._chosen(said)

    @property
    def after(self) -> list[PrintedChapter]:
        """Those after the sheets."""
        said = {
            Chapter.PROGRAMME: self.programme is not None,
            Chapter.FUNDERS: bool(self.funders),
            Chapter.CALENDAR: bool(self.dated),
            Chapter.PARTNERS: bool(self.partners),
            Chapter.LEVERS: bool(self.levers),
            Chapter.EFFECTS: self.effects is not None,
            Chapter.GLOSSARY: True,
            Chapter.INDEX: bool(self.indexes),
        }
        return self._chosen(said)

    def _chosen(self, said: Mapping[Chapter, bool]) -> list[PrintedChapter]:
        return [
            PrintedChapter(chapter.value, chapter.label)
            for chapter, has in said.items()
            if has and self.choices.has(chapter)
        ]

    @property
    def has_sheets(self) -> bool:
        return self.choices.has(Chapter.SHEETS)


@dataclass(frozen=True)
class PrintedChapter:
    """A chapter of this document: its anchor, which also names its template, and its title."""

    name: str
    title: str


def gather(
    intercommunality: Intercommunality, *, user: User | None, today: dt.date, choices: Choices | None = None
) -> Report:
    """Read everything once. Without a user (the command line), every project that may be printed is."""
    choices = choices or Choices()
    widths = ON_A5 if choices.is_small else ON_A4
    reading = reading_of(intercommunality, choices, today)
    communes = list(Commune.objects.filter(intercommunality=intercommunality))
    populations = read_populations(intercommunality, reading.day)
    communes.sort(key=lambda commune: (-(populations.get(commune.pk) or 0), commune.name))
    outlines = read_outlines(intercommunality)
    plan, nodes = read_plan(reading)
    projects = reading.projects(user, choices)
    by_pk = {node.pk: node for node in nodes}
    firsts = {p.pk: root_of(served_by(p)[0], by_pk) if p.objectives.all() else None for p in projects}
    sheets = {
        p.pk: write_sheet(
            p,
            communes=communes,
            outlines=outlines,
            axis=label_of(firsts[p.pk]),
            today=reading.day,
            public=choices.is_public,
            widths=widths,
        )
        for p in projects
    }
    axes = build_axes(nodes, projects, firsts, sheets)
    mandate = next(iter(reading.rows(Mandate, intercommunality=intercommunality)), None)
    orientations = reading.rows(Orientation, mandate=mandate) if mandate else []
    total = sum(populations.values())
    sealed, chain_head = reading.head()
    name = typo(intercommunality.name)  # official files have the apostrophes of a typewriter
    return Report(
        name=name,
        name_in_sentence=with_article(name),
        plan=plan.title if plan else "Nos projets" if projects else "Notre territoire",
        foreword=plan.foreword if plan else "",
        mandate=say_mandate(mandate),
        printed_on=today,
        population=total,
        communes=count_communes(communes, populations, projects, sheets),
        orientations=count_orientations(orientations, projects, sheets),
        axes=axes,
        figures=sum_figures(
            intercommunality,
            communes,
            total,
            [sheet for axis in axes for sheet in axis.sheets],
            is_extract=choices.is_partial,
        ),
        cover_map=draw_cover(intercommunality, communes, outlines, only=choices.commune, small=choices.is_small),
        territory_map=draw_figures(intercommunality, communes, outlines, small=choices.is_small),
        choices=choices,
        chosen=tell_chosen([choices])[0],
        built=chapters.tell_how_built(reading, projects, public=choices.is_public),
        programme=chapters.programme_by_year(projects, sheets),
        funders=chapters.funders_of(projects),
        dated=order_by_date(projects, sheets, reading.day, public=choices.is_public),
        partners=chapters.list_partners(projects, sheets, public=choices.is_public),
        levers=chapters.list_levers(reading, public=choices.is_public),
        effects=tell_effects(reading, projects, sheets, choices, widths.text),
        indexes=chapters.make_indexes(projects, sheets),
        sealed=sealed,
        chain_head=chain_head,
    )


def read_plan(reading: Present) -> tuple[TerritorialPlan | None, list[StrategyNode]]:
    """The projet de territoire in force, and its tree."""
    plans = reading.rows(TerritorialPlan, intercommunality=reading.intercommunality)
    plan = next((one for one in plans if one.is_current), None)
    if plan is None:
        return None, []
    nodes = reading.rows(StrategyNode, plan=plan)
    for node in nodes:
        node.plan = plan
    return plan, nodes


def with_article(name: str) -> str:
    """« la communauté de communes du Val », « la CC du Val »; a name of another make is left as it is."""
    first, *_ = name.split()
    if first in {"CC", "CA", "CU"}:
        return f"la {name}"
    if first in {"Communauté", "Métropole", "Eurométropole"}:
        return f"la {uncapitalized(name)}"
    return name


def gather_sheet(project: Project, *, today: dt.date, public: bool = False) -> Sheet:
    """Read one project for a sheet printed alone, whatever its state: its author keeps it in the file."""
    return gather_sheets([project.pk], project.intercommunality, today=today, public=public)[project.pk]


def gather_sheets(
    numbers: Iterable[int], intercommunality: Intercommunality, *, today: dt.date, public: bool
) -> dict[int, Sheet]:
    """Read some projects for their sheets, by number, in a number of queries that does not grow with them."""
    communes = list(Commune.objects.filter(intercommunality=intercommunality))
    outlines = read_outlines(intercommunality)
    nodes = StrategyNode.objects.filter(intercommunality=intercommunality).select_related("plan")
    by_pk = {node.pk: node for node in nodes}
    found = with_everything(Project.objects.filter(pk__in=list(numbers))).select_related("intercommunality")
    sheets = {}
    for project in found:
        first = next(iter(served_by(project)), None)
        axis = label_of(root_of(first, by_pk)) if first else ""
        sheets[project.pk] = write_sheet(
            project, communes=communes, outlines=outlines, axis=axis, today=today, public=public
        )
    return sheets


def build_axes(
    nodes: Sequence[StrategyNode],
    projects: Sequence[Project],
    firsts: Mapping[int, StrategyNode | None],
    sheets: Mapping[int, Sheet],
) -> list[Axis]:
    """Hang each project on its main objective for its sheet, and name it under every objective it serves."""
    by_pk = {node.pk: node for node in nodes}
    serving: dict[int, list[Sheet]] = {}
    for project in projects:
        for node in project.objectives.all():
            serving.setdefault(node.pk, []).append(sheets[project.pk])
    roots = [node for node in nodes if node.parent_id is None]
    axes = [
        Axis(
            anchor=f"axe-{root.pk}",
            number=root.code,
            label=label_of(root),
            title=root.title,
            text=root.description,
            objectives=list(build_objectives(root, nodes, by_pk, serving)),
            sheets=[sheets[p.pk] for p in projects if firsts[p.pk] == root],
        )
        for root in roots
    ]
    if others := [sheets[p.pk] for p in projects if firsts[p.pk] is None]:
        title = "Les projets à rattacher au plan" if axes else "Les projets"
        axes.append(Axis("axe-autres", "", title, title, "", [ObjectiveRow("Projets", others)], others))
    return axes


def root_of(node: StrategyNode, by_pk: dict[int, StrategyNode]) -> StrategyNode | None:
    found = by_pk.get(node.pk)
    while found is not None and found.parent_id is not None:
        found = by_pk.get(found.parent_id)
    return found


def label_of(root: StrategyNode | None) -> str:
    return f"{root.level_label} {root.code} — {root.title}" if root else ""


def build_objectives(
    root: StrategyNode,
    nodes: Sequence[StrategyNode],
    by_pk: dict[int, StrategyNode],
    serving: dict[int, list[Sheet]],
) -> Iterable[ObjectiveRow]:
    """List the last nodes below an axis, and any other that projects hang on directly."""
    parents = {node.parent_id for node in nodes}
    below = [node for node in nodes if root_of(node, by_pk) == root]
    for node in sorted(below, key=lambda node: natural(node.code)):
        if node.pk in serving or (node.pk not in parents and node != root):
            yield ObjectiveRow(f"{node.code} — {node.title}", serving.get(node.pk, []))


def natural(code: str) -> list[tuple[int, str]]:
    """Order 1.2 before 1.10."""
    return [(int(part) if part.isdigit() else 0, part) for part in code.split(".")]


def say_mandate(mandate: Mandate | None) -> str:
    if mandate is None:
        return ""
    years = f"{mandate.starts_on:%Y}-{mandate.ends_on:%Y}"
    source = f" ({mandate.source})" if mandate.source else ""
    return f"Pour le mandat {years}, les élus ont fixé ces orientations{source}."


def say_progress(sheets: Iterable[Sheet]) -> str:
    """How many are in which state: « 7 projets : 5 en cours, 2 adoptés », « 3 projets, tous en instruction »."""
    counts = Counter(sheet.status for sheet in sheets)
    total = counts.total()
    told = counted(total, "projet")
    if len(counts) == 1:
        [status] = counts
        return f"{told}, {'tous ' if total > 1 else ''}{agreeing(status.lower(), total)}"
    return f"{told} : " + ", ".join(
        f"{count} {agreeing(status.lower(), count)}" for status, count in counts.most_common()
    )


def count_orientations(
    orientations: Sequence[Orientation], projects: Sequence[Project], sheets: Mapping[int, Sheet]
) -> list[OrientationRow]:
    """Add up by orientation, as the pages of the strategy do (`projects.totals`)."""
    codes = {one.pk: one.code for one in orientations}
    serving: dict[str, list[Sheet]] = {code: [] for code in codes.values()}
    budgets = dict.fromkeys(codes.values(), Decimal(0))
    for project in projects:
        sheet = sheets[project.pk]
        served = [codes[fit.orientation_id] for fit in project.orientation_fits.all() if fit.orientation_id in codes]
        for code, part in even_split(sheet.invests, served).items():
            serving[code].append(sheet)
            budgets[code] += part
    return [
        OrientationRow(
            one.code,
            one.title,
            one.description,
            len(serving[one.code]),
            say_progress(serving[one.code]),
            budgets[one.code],
        )
        for one in orientations
    ]
