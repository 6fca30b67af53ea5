"""Writes the sheet of a project from rows already read: sums, words and drawings, without a single query."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils import timezone

from cooperation.drawing.bars import Share, draw_bar
from cooperation.drawing.maps import Map, Place, draw_map
from cooperation.drawing.timelines import Step, Timeline, draw_timeline
from cooperation.french import counted, euros, percent, plural, uncapitalized
from projects.funding import rules
from projects.funding.operating_reading import SHOWN, Running, RunningRow, running_of
from projects.funding.services import plan_in_force, sums_of, version_in_force
from projects.funding.year_reading import table_of, year_costs
from projects.models import Actor as ProjectActor
from projects.models import AgendaItem, Contribution, FundingLine, FundingPlan, Project
from projects.proposals.legal import legal_cases_of
from projects.proposals.places import role_of
from projects.proposals.sharing import sharing_of
from projects.proposals.states import GIVEN_UP
from projects.report.dates import project_span
from projects.report.effects import write_effects, write_surveys
from projects.report.sheets import HEAD, Actor, Decision, Funding, Interest, Sheet, Testimony
from projects.report.sheets import FundingLine as PrintedLine
from projects.report.territory import Outlines
from territories.models import Commune, Competence

# Same family, same texture in the bar of the funding plan; the owner's money is plain.
FAMILIES = {
    FundingLine.Nature.OWN: 0,
    FundingLine.Nature.PUBLIC: 1,
    FundingLine.Nature.PRIVATE: 3,
    FundingLine.Nature.CONTRIBUTION: 4,
}
UNFOUND = 5  # the grey of what nobody brings yet
UNSAID = "non dit"


@dataclass(frozen=True)
class Widths:
    """The room on a page, in CSS pixels: `text` is what lies between the margins; a map has air around it.

    `head` is how many signs of a title stand on one line beside the name of the EPCI.
    """

    text: int
    map: int
    head: int


ON_A4, ON_A5 = Widths(text=648, map=180, head=HEAD), Widths(text=464, map=142, head=44)


def write_sheet(
    project: Project,
    *,
    communes: Sequence[Commune],
    outlines: Outlines,
    axis: str,
    today: dt.date,
    public: bool,
    widths: Widths = ON_A4,
) -> Sheet:
    """Put a project on paper. `communes` and `outlines` are those of the whole EPCI, read once for all sheets.

    What everybody may read names no officer and no relay person, and leaves out what was said among those who
    instruct the project: fears, testimonies, remarks, and the steps before the decisions.
    """
    concerned, is_everywhere = communes_of(project, communes)
    competences = list(project.competences.all())
    decided = [item for item in project.agenda_items.all() if is_published(item)]
    return Sheet(
        key=str(project.pk),
        reference=project.reference,
        title=project.title or "Projet sans titre",
        status=project.get_status_display(),
        axis=axis,
        objective_of_plan=" ; ".join(f"{node.code} — {node.title}" for node in project.objectives.all()),
        shared_objective=project.shared_objective,
        endorsement=say_endorsement(project),
        need="" if project.need.strip() == project.shared_objective.strip() else project.need,  # imported as one text
        service=project.service,
        beneficiaries=project.beneficiaries,
        origin=say_origin(project),
        lead=project.owner_name,
        carried_by=say_carriers(project, public=public),
        dates=say_dates(project_span(project)),
        competences=[say_competence(competence) for competence in competences] or say_no_competence(project),
        legal_case=" ".join(case.text for case in legal_cases_of(project, today, communes)),
        orientations=say_orientations(project),
        communes=project.communes_text or say_communes(concerned, len(communes)),
        interests=list(write_interests(project, public=public)),
        actors=[write_actor(actor, project, public=public) for actor in project.actors.all()],
        testimonies=[] if public else [write_testimony(one) for one in project.contributions.all() if one.is_in_file],
        funding=write_funding(project, widths),
        map=draw_communes(project, communes, outlines, {commune.pk for commune in concerned}, widths),
        timeline=write_timeline(project, decided, today, public=public, widths=widths),
        decisions=[write_decision(item) for item in sorted(decided, key=lambda item: item.session.held_on)],
        effects=write_effects(project, today, public=public),
        surveys=write_surveys(project, widths.text),
        remark="" if public else project.remark,
        invests=invested_by(project),
        is_everywhere=is_everywhere,
        head=widths.head,
    )


def communes_of(project: Project, communes: Sequence[Commune]) -> tuple[list[Commune], bool]:
    """Those that it concerns, and whether all are: a project of the whole territory needs to name none."""
    named = list(project.communes.all())
    if project.scale == Project.Scale.ALL and not named and not project.communes_text:
        named = list(communes)
    is_everywhere = project.scale == Project.Scale.ALL and not project.is_unplaced
    return named, is_everywhere or 0 < len(communes) == len(named)


def invested_by(project: Project) -> Decimal:
    """What adds up from a project to another, as on the pages of the strategy: before tax, what was given up apart."""
    if project.status in GIVEN_UP:
        return Decimal(0)
    plan = plan_in_force(project)
    return plan.cost_excl_tax if plan else Decimal(0)


def write_testimony(contribution: Contribution) -> Testimony:
    """In a document made to be handed round, an organisation speaks and no person is named."""
    return Testimony(contribution.text, contribution.organisation, contribution.speaks_of)


def say_endorsement(project: Project) -> str:
    """Count who shares the present wording: a wording that changed is asked again."""
    told = sharing_of(project.actors.all(), project.objective_version)
    return f"Partagé par {counted(told.sharing, 'acteur')} sur {told.voices}." if told.sharing else ""


def say_origin(project: Project) -> str:
    return " — ".join(part for part in (project.get_origin_display(), project.origin_text) if part)


def say_carriers(project: Project, *, public: bool) -> str:
    """Name the elected person and the officer in charge: names and functions, never how to reach them."""
    names = [str(project.lead_councillor) if project.lead_councillor else "", "" if public else project.lead_officer]
    return ", ".join(name for name in names if name)


def say_dates(span: tuple[dt.date | None, dt.date | None]) -> str:
    match span:
        case None, None:
            return ""
        case start, None:
            return f"à partir du {start:%d/%m/%Y}"
        case None, end:
            return f"jusqu’au {end:%d/%m/%Y}"
        case start, end:
            return f"du {start:%d/%m/%Y} au {end:%d/%m/%Y}"


def say_competence(competence: Competence) -> str:
    interest = ", d’intérêt communautaire" if competence.subject_to_community_interest else ""
    return f"{competence.label} — {competence.get_category_display()}{interest}"


def say_no_competence(project: Project) -> list[str]:
    return [text for text in dict.fromkeys((project.competence_text, project.no_competence_reason)) if text]


def say_orientations(project: Project) -> list[str]:
    said = [
        f"{fit.orientation} — {fit.get_fit_display()}{f' ({fit.note})' if fit.note else ''}"
        for fit in project.orientation_fits.all()
    ]
    if not said and project.fits_no_orientation:
        said = [f"Hors des orientations du mandat. {project.orientation_statement}".strip()]
    return said


def say_communes(concerned: Sequence[Commune], total: int) -> str:
    if concerned and len(concerned) == total:
        return f"Les {total} communes"
    return ", ".join(commune.name for commune in concerned)


def write_interests(project: Project, *, public: bool) -> Iterable[Interest]:
    for actor in project.actors.all():
        for interest in actor.interests.all():
            word = interest.get_stance_display() or UNSAID
            fears = "" if public else interest.fears
            kind, gains, gives = interest.stance or "unsaid", interest.gains, interest.gives
            yield Interest(actor.name, interest.text, word, kind, gains, gives, fears)


def write_actor(actor: ProjectActor, project: Project, *, public: bool) -> Actor:
    """Name the relay person; for the EPCI itself, the officer in charge is known even without one."""
    if public:
        return Actor(actor.name, role_of(actor) or "participe")
    officer = project.lead_officer or actor.answered_by if actor.is_intercommunality else ""
    return Actor(actor.name, actor.role, str(actor.relay) if actor.relay else officer)


def write_funding(project: Project, widths: Widths) -> Funding | None:
    """Print the plan in force; a project without an investment may still have a yearly cost."""
    plan = plan_in_force(project)
    yearly = say_yearly_cost(running_of(version_in_force(project)))
    if plan is None:
        return Funding("", Decimal(0), [], [], yearly=yearly) if yearly else None
    lines = list(plan.lines.all())
    sums = sums_of(plan)
    decimals = decimals_of(plan.cost, sums.total, *(line.amount for line in lines))
    feet = rules.feet_of(sums)
    shares = [
        Share(x.funder, x.amount, FAMILIES[FundingLine.Nature(x.nature)], number=n)
        for n, x in enumerate(lines, start=1)
    ]
    unfound = len(lines) + 1 if lines and sums.cost and sums.gap > 0 else 0
    if unfound:
        shares.append(Share("reste à trouver", sums.gap, UNFOUND, number=unfound))
    bar = draw_bar(
        shares,
        title=f"Financement du projet {project.reference} : "
        + ", ".join(f"{one.name} {percent(rules.share_of_cost(one.amount, sums), 1)}" for one in shares),
        width=widths.text,
    )
    return Funding(
        basis=plan.get_basis_display(),
        cost=plan.cost,
        tax=say_tax(plan),
        spending=say_spending(plan),
        lines=[
            PrintedLine(n, x.funder, x.get_nature_display(), x.state, x.amount, rules.share_of_cost(x.amount, sums))
            for n, x in enumerate(lines, start=1)
        ],
        feet=feet,
        unfound=unfound,
        bar=bar,
        gap=say_gap(sums, decimals),
        rule=say_rule(project, sums) if sums.is_balanced else "",  # it judges a plan, not the beginning of one
        rule_is_met=rules.owner_share_is_enough(sums),
        yearly=yearly,
        by_year=table_of(plan),
        decimals=decimals,
    )


def say_tax(plan: FundingPlan) -> str:
    """The cost without the tax and with it, whichever the plan is established on, and the refund expected beside it."""
    if plan.recovers_vat:
        return "Budget assujetti à la TVA : tout est hors taxes, sans FCTVA."
    if plan.cost_incl_tax is None:
        return ""
    places = decimals_of(plan.cost_excl_tax, plan.cost_incl_tax, plan.vat_refund or Decimal(0))
    refund = "" if plan.vat_refund is None else f" ; FCTVA attendu, hors plan : {euros(plan.vat_refund, places)}"
    return f"Coût HT (et TTC) : {euros(plan.cost_excl_tax, places)} ({euros(plan.cost_incl_tax, places)}){refund}."


def say_spending(plan: FundingPlan) -> str:
    """What is spent each year, without the tax, and with it between brackets where it is said."""
    years = year_costs(plan)
    if len(years) == 1:  # the cost says how much
        [one] = years
        return f"Dépensé {'en ' if one.name.isdigit() else ''}{uncapitalized(one.name)}."
    has_tax = not plan.recovers_vat and any(one.incl is not None for one in years)
    places = decimals_of(*(one.excl for one in years), *(one.incl or Decimal(0) for one in years if has_tax))
    told = []
    for one in years:
        incl = f" ({euros(one.incl, places)})" if has_tax and one.incl is not None else ""
        told.append(f"{uncapitalized(one.name)}, {euros(one.excl, places)}{incl}")
    return f"Par année, HT{' (et TTC)' if has_tax else ''} : {' ; '.join(told)}." if told else ""


def decimals_of(*amounts: Decimal) -> int:
    return 0 if all(amount == amount.to_integral_value() for amount in amounts) else 2


def say_gap(sums: rules.Sums, decimals: int) -> str:
    """Say what is missing, or one too many, when resources do not equal the cost; with cents if the plan has some."""
    return "" if sums.is_balanced or not sums.cost else rules.check_balance(sums, decimals).sentence


def say_rule(project: Project, sums: rules.Sums) -> str:
    """Say what the rule of the 20 % makes of the plan (CGCT, art. L. 1111-10 III); it binds public owners only."""
    share = rules.owner_share_percent(sums)
    if share is None or not rules.public_aid(sums) or project.owner_kind == Project.OwnerKind.PARTNER:
        return ""
    places = decimals_of(sums.own, rules.public_aid(sums))
    money = sums.own + rules.public_aid(sums)
    verdict = "la règle des 20 % est respectée" if rules.owner_share_is_enough(sums) else "il faut au moins 20 %"
    return (
        f"Le maître d’ouvrage apporte {euros(sums.own, places)} sur {euros(money, places)} d’argent public, "
        f"soit {percent(share, 2)} : {verdict}."
    )


def say_yearly_cost(running: Running | None) -> str:
    """What an ordinary year costs and who pays it, what it is made of when that is told, and the first years."""
    if running is None:
        return ""
    places = decimals_of(*(row.ordinary for row in (*running.costs, *running.resources)))

    def told(rows: Iterable[RunningRow]) -> str:
        return ", ".join(f"{row.label} {euros(row.ordinary, places)}" for row in rows)

    spent = f" Dépenses : {told(running.costs)}." if running.costs else ""
    who = f" ({told(running.resources)})" if running.resources else ""
    cost = f"{euros(running.ordinary_cost, places)} {running.basis}"
    tail = f"{spent}{say_aids(running)}{say_faults(running)}"
    return f"Fonctionnement : {cost} par an{who}{say_first_years(running, places)}.{tail}"


def say_aids(running: Running) -> str:
    """Where each aid of the running stands, in the words of the plan."""
    told = [f"{row.label}, {row.progress.state}" for row in running.aids if row.progress.state]
    return f" Où en sont les aides : {' ; '.join(told)}." if told else ""


def say_first_years(running: Running, places: int) -> str:
    """What a body looks at when it decides: five years of running, one by one when they are not alike."""
    years = ", ".join(f"{euros(cost, places)} en {year}" for year, cost in running.yearly_costs[:SHOWN])
    return f" ; {f'{years}, soit ' if years else ''}{euros(running.shown_cost, places)} en {SHOWN}\xa0ans"


def say_faults(running: Running) -> str:
    return "".join(f" {check.sentence}" for check in running.checks if not check.holds)


def draw_communes(
    project: Project, communes: Sequence[Commune], outlines: Outlines, concerned: set[int], widths: Widths
) -> Map | None:
    names = [commune.name for commune in communes if commune.pk in concerned]
    if not names:
        return None
    said = "toutes les communes" if len(names) == len(communes) else ", ".join(names)
    return draw_map(
        [Place(c.name, outlines.get(c.pk), c.pk in concerned) for c in communes],
        title=f"Carte des communes du projet {project.reference} : {said}.",
        width=widths.map,
        tallest=widths.map,
        labels=0 if len(names) == len(communes) else 4,
        detail=0.8,
    )


def write_timeline(
    project: Project, decided: Sequence[AgendaItem], today: dt.date, *, public: bool, widths: Widths
) -> Timeline | None:
    """Join the steps told in words, the decisions, and the dates to come; a decision already told is not repeated."""
    decisions = {item.session.held_on: item for item in decided}
    told = [
        Step(step.happened_on, step.text, step.happened_on in decisions and says_body(step.text, decisions))
        for step in ([] if public else project.course.all())
    ]
    days = {step.on for step in told}
    told += [
        Step(day, f"{item.session.body} : {item.decision.get_outcome_display().lower()}", True)
        for day, item in decisions.items()
        if day not in days
    ]
    if project.submitted_at and not told:
        told.append(Step(timezone.localdate(project.submitted_at), "projet déposé"))
    told += [
        Step(day, words)
        for day, words in ((project.starts_on, "début prévu"), (project.ends_on, "fin prévue"))
        if day and day > today
    ]
    return draw_timeline(
        told, title=f"Le parcours du projet {project.reference} dans le temps", today=today, width=widths.text
    )


def says_body(text: str, decisions: Mapping[dt.date, AgendaItem]) -> bool:
    """Whether the words of a step tell a decision, on a day when other things may have happened too."""
    return any(str(item.session.body).split()[0].lower() in text.lower() for item in decisions.values())


def is_published(item: AgendaItem) -> bool:
    """What a session decided goes on paper once its decisions are published."""
    return hasattr(item, "decision") and hasattr(item.session, "publication")


def write_decision(item: AgendaItem) -> Decision:
    decision = item.decision
    counts = (
        (decision.votes_for, "pour"),
        (decision.votes_against, "contre"),
        (decision.abstentions, plural(decision.abstentions or 0, "abstention")),
    )
    votes = ", ".join(f"{count} {word}" for count, word in counts if count is not None)
    if decision.not_taking_part:
        votes += f" ; {counted(decision.not_taking_part, 'ne prend pas part', 'ne prennent pas part')}"
    return Decision(item.session.held_on, str(item.session.body), decision.get_outcome_display(), votes)
