"""The same selection of projects as tables, for those who count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from cooperation.spreadsheets.writing import Table
from projects.effects.reads import line_of
from projects.funding.models import AidProgress
from projects.funding.services import plan_in_force, version_in_force
from projects.funding.year_reading import grants_by_year
from projects.models import FundingPlan, Project
from projects.proposals.places import Place
from projects.proposals.querysets import ProjectQuerySet
from projects.report.dates import project_span
from projects.report.reading import with_everything
from projects.report.writing import is_published

MOST = 5_000  # projects in one workbook: beyond, a spreadsheet no longer helps anybody; the list has them all
TOGETHER = 500  # projects read at once where there is no bound

PROJECTS = (
    "Référence", "Titre", "État", "Objectif partagé", "Maître d’ouvrage", "Début", "Fin", "Coût (euros)", "Base",
    "Coût (euros HT)", "Coût (euros TTC)", "Communes", "Compétences", "Objectifs du plan",
)  # fmt: skip
ACTORS = ("Référence", "Acteur", "Porte le projet", *(label.capitalize() for label in Place.labels), "Personne relais")
INTERESTS = ("Référence", "Acteur", "Intérêt", "Face à l’objectif")
FUNDING = (
    "Référence", "Financeur", "Nature", "État", "Montant (euros)", "Base", "Demandée le", "Notifiée le", "Versée le",
)  # fmt: skip
FUNDED_YEARS = ("Référence", "Financeur", "Nature", "Année", "Montant (euros)", "Base")
YEARS = (
    "Référence", "Année", "Et les précédentes", "Dépenses (euros HT)", "Dépenses (euros TTC)", "Aides (euros)",
    "Net (euros)", "Base du net",
)  # fmt: skip
RUNNING = (
    "Référence", "Sens", "Intitulé", "Année (vide : une année ordinaire)", "Montant (euros)", "Base", "État",
    "Demandée le", "Notifiée le", "Versée le",
)  # fmt: skip
DECISIONS = ("Référence", "Date", "Instance", "Décision", "Pour", "Contre", "Abstentions")
INDICATORS = (
    "Référence", "Indicateur", "Type", "Unité", "Départ", "Date du départ", "Cible", "Date de la cible",
    "Condition de la cible", "Dernière mesure", "Mesuré le", "Part du chemin (%)", "Où il en est",
)  # fmt: skip
SURVEYS = (
    "Référence", "Enquête", "Service", "Interrogés", "Du", "Au", "Envois", "Réponses", "Note 1", "Note 2", "Note 3",
    "Note 4", "Note 5", "Note moyenne", "Satisfaits (%)", "Montré",
)  # fmt: skip


def read_tables(projects: ProjectQuerySet) -> list[Table]:
    """Make one table for each kind of thing; the number of queries does not grow with the projects."""
    today = timezone.localdate()
    rows = list(
        with_everything(Project.objects.filter(pk__in=projects.values("pk")[:MOST])).order_by("reference", "pk")
    )
    return [
        Table("Projets", PROJECTS, [tell_project(project) for project in rows]),
        Table("Acteurs", ACTORS, [row for project in rows for row in tell_actors(project)]),
        Table("Intérêts", INTERESTS, [row for project in rows for row in tell_interests(project)]),
        Table("Financement", FUNDING, [row for project in rows for row in tell_funding(project)]),
        Table("Financement par année", FUNDED_YEARS, [row for project in rows for row in tell_funded_years(project)]),
        Table("Programmation par année", YEARS, [row for project in rows for row in tell_years(project)]),
        Table("Fonctionnement", RUNNING, [row for project in rows for row in tell_running(project)]),
        Table("Décisions", DECISIONS, [row for project in rows for row in tell_decisions(project)]),
        Table("Effets", INDICATORS, [row for project in rows for row in tell_indicators(project, today)]),
        Table("Satisfaction", SURVEYS, [row for project in rows for row in tell_surveys(project)]),
    ]


def listed(projects: ProjectQuerySet) -> Table:
    """The list alone, whatever its length: read a few hundred at a time, as it leaves."""
    return Table("Projets", PROJECTS, map(tell_project, in_parts(projects)))


def in_parts(projects: ProjectQuerySet, *brought: str) -> Iterator[Project]:
    """All in the order of their references, with what a line says and what is asked beside it; none is kept."""
    keys = list(projects.order_by("reference", "pk").values_list("pk", flat=True))
    told = Project.objects.order_by("reference", "pk").prefetch_related(
        "communes",
        "competences",
        "objectives",
        "milestones",
        *brought,
        Prefetch("funding_plans", FundingPlan.objects.filter(is_current=True)),
    )
    for start in range(0, len(keys), TOGETHER):
        yield from told.filter(pk__in=keys[start : start + TOGETHER])


def tell_project(project: Project) -> Sequence[Any]:
    plan = version_in_force(project)
    starts_on, ends_on = project_span(project)
    return (
        project.reference,
        project.title,
        project.get_status_display(),
        project.shared_objective,
        project.owner_told,
        starts_on,
        ends_on,
        (plan.cost or None) if plan else None,  # nothing written yet is no cost of zero
        plan.get_basis_display() if plan else "",
        (plan.cost_excl_tax or None) if plan else None,
        plan.cost_incl_tax if plan else None,
        ", ".join(commune.name for commune in project.communes.all()),
        ", ".join(competence.label for competence in project.competences.all()),
        ", ".join(node.code for node in project.objectives.all()),
    )


def tell_actors(project: Project) -> Iterable[Sequence[Any]]:
    for actor in project.actors.all():
        held = [actor.leads, *(place in actor.places for place in Place)]
        yield project.reference, actor.name, *("oui" if one else "" for one in held), str(actor.relay or "")


def tell_interests(project: Project) -> Iterable[Sequence[Any]]:
    """Only what the actors let everyone read, as in print."""
    for actor in project.actors.all():
        for interest in actor.interests.all():
            yield project.reference, actor.name, interest.text, interest.get_stance_display() or ""


def tell_funding(project: Project) -> Iterable[Sequence[Any]]:
    if plan := plan_in_force(project):
        for line in plan.lines.all():
            told = (line.funder, line.get_nature_display(), line.state, line.amount, plan.get_basis_display())
            yield project.reference, *told, *days_of(line)


def days_of(aid: AidProgress) -> Sequence[Any]:
    return aid.requested_on, aid.awarded_on, aid.paid_on


def tell_funded_years(project: Project) -> Iterable[Sequence[Any]]:
    """What each funder has said of its years; nothing of the others."""
    if plan := plan_in_force(project):
        for line in plan.lines.all():
            for one in line.years.all():
                told = (line.funder, line.get_nature_display(), one.year, one.amount, plan.get_basis_display())
                yield project.reference, *told


def tell_years(project: Project) -> Iterable[Sequence[Any]]:
    """The programme of a project: what is spent, what others bring, and the difference on the basis of its plan."""
    plan = version_in_force(project)
    if plan is None:
        return
    grants = grants_by_year(plan)
    for credit in plan.payment_credits.all():
        told = (credit.year, "oui" if credit.is_until else "", credit.amount, credit.amount_incl_tax)
        aids = grants.get(credit.year, Decimal(0))
        net = None if credit.on_basis is None else credit.on_basis - aids
        yield project.reference, *told, aids, net, plan.get_basis_display()


def tell_running(project: Project) -> Iterable[Sequence[Any]]:
    """An ordinary year, then those told apart; where an aid stands is told once, with the ordinary year."""
    plan = version_in_force(project)
    if plan is None:
        return
    for line in plan.operating_lines.all():
        told, basis = (project.reference, line.get_side_display(), line.label), plan.get_basis_display()
        yield *told, None, line.amount, basis, line.state, *days_of(line)
        for one in line.years.all():
            yield *told, one.year, one.amount, basis, "", None, None, None


def tell_decisions(project: Project) -> Iterable[Sequence[Any]]:
    """As in print, what a session decided goes out once its decisions are published."""
    for item in filter(is_published, project.agenda_items.all()):
        decision, session = item.decision, item.session
        counts = (decision.votes_for, decision.votes_against, decision.abstentions)
        yield (project.reference, session.held_on, str(session.body), decision.get_outcome_display(), *counts)


def tell_indicators(project: Project, today: dt.date) -> Iterable[Sequence[Any]]:
    for one in project.indicator_set.all():
        line = line_of(one, today)
        yield (
            project.reference, one.name, one.get_kind_display(), one.unit, one.baseline, one.baseline_on, one.target,
            one.target_on, one.condition, one.last_value, one.last_on,
            None if line.raw is None else round(line.raw, 1), line.label,
        )  # fmt: skip


def tell_surveys(project: Project) -> Iterable[Sequence[Any]]:
    """A survey below five answers gives none of its figures."""
    for survey in project.surveys.all():
        told = (project.reference, survey.title, survey.service, survey.audience, survey.starts_on, survey.ends_on)
        result = survey.result
        if result is None:
            yield (*told, *(None,) * 9, "moins de cinq réponses : rien n’est montré")
            continue
        figures = (round(result.mean, 2), round(result.satisfied, 1))
        yield (*told, survey.sent, result.answers, *result.counts, *figures, "oui")
