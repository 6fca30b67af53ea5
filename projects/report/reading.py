"""Where the document reads its rows: as they are, or as they were at the end of a past day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from django.db.models import Model, Prefetch, QuerySet, prefetch_related_objects

from projects.chronicle.past import as_they_were, end_of, open_to_all, records_at
from projects.effects.reads import give_last
from projects.effects.survey_reads import give_words, with_words
from projects.funding.versions import ALL_SAID
from projects.models import (
    Actor,
    AgendaItem,
    Contribution,
    CourseStep,
    Endorsement,
    FundingLine,
    FundingPlan,
    FundingYear,
    Indicator,
    Interest,
    Measurement,
    Meeting,
    Milestone,
    ObjectiveShare,
    OperatingLine,
    OperatingYear,
    Orientation,
    OrientationFit,
    PaymentCredit,
    Project,
    SealedRecord,
    StrategyNode,
    Survey,
)
from projects.report.choices import Choices
from projects.report.effects import with_effects
from projects.seal.services import heads
from territories.models import Commune, Competence, Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User
    from projects.proposals.querysets import ProjectQuerySet

M = TypeVar("M", bound=Model)

# What has no history, or whose past is not kept because it bears on persons: said on the last page.
AS_TODAY = (
    "les noms et les contours des communes, les compétences (jugées à cette date), les instances, les noms des "
    "élu·es, des partenaires et des personnes relais, et les filtres venus de la liste des projets"
)


class Present:
    """The rows as they are."""

    is_past = False

    def __init__(self, intercommunality: Intercommunality, day: dt.date) -> None:
        self.intercommunality = intercommunality
        self.day = day

    def rows(self, model: type[M], **about: Any) -> list[M]:
        """The rows of a kind, in the order of their model."""
        return list(model._default_manager.filter(**about))

    def projects(self, user: User | None, choices: Choices) -> list[Project]:
        """What may be printed and was chosen: what the person sees, or from the command line everything submitted."""
        chosen = choices.apply(self.visible(user), self.intercommunality)
        kept = Project.objects.filter(pk__in=chosen.values("pk")).select_related("intercommunality")
        return list(with_everything(kept).order_by("reference", "pk"))

    def surveys(self, **about: Any) -> list[Survey]:
        """Surveys with the words that were read over."""
        return list(with_words(Survey.objects.filter(**about)))

    def visible(self, user: User | None) -> ProjectQuerySet:
        seen: ProjectQuerySet = Project.objects.visible_to(user) if user is not None else Project.objects.all()
        return seen.of(self.intercommunality).submitted()

    def head(self) -> tuple[int, str]:
        """How many records the chain of decisions holds, and the digest of the last."""
        [chain] = heads(self.intercommunality) or [{"sequence": 0, "head": ""}]
        return chain["sequence"], chain["head"]


class Past(Present):
    """The rows as they were at the end of a day; what was not there yet, or not shown, is not in it.

    A person reads the past of what they may see today; an item of an agenda is dated by its published decision.
    """

    is_past = True

    def __init__(self, intercommunality: Intercommunality, day: dt.date) -> None:
        super().__init__(intercommunality, day)
        self.moment = end_of(day)

    def rows(self, model: type[M], **about: Any) -> list[M]:
        return as_they_were(model, self.moment, **about)

    def surveys(self, **about: Any) -> list[Survey]:
        """Less those removed or put back below five answers since then: nothing private comes back."""
        found = self.rows(Survey, **about)
        now = {one.pk: one.is_masked for one in Survey.objects.filter(pk__in=[one.pk for one in found])}
        kept = [one for one in found if one.is_masked or not now.get(one.pk, True)]
        give_words(kept, until=self.moment)
        return kept

    def indicators(self, keys: Collection[int]) -> list[Indicator]:
        """Those that were followed, each with what was last known of it."""
        found = [one for one in self.rows(Indicator, project_id__in=keys) if one.dropped_on is None]
        give_last(found, self.rows(Measurement, indicator_id__in=[one.pk for one in found]))
        return found

    def projects(self, user: User | None, choices: Choices) -> list[Project]:
        seen = choices.apply_list(self.visible(user), self.intercommunality)
        seen = choices.apply_publication(seen, until=self.moment)
        records = records_at(Project, self.moment, id__in=list(seen.values_list("pk", flat=True)))
        known = {record.id: record for record in records if record.submitted_at and record.submitted_at <= self.moment}
        projects = [record.instance for record in known.values()]
        self.bring_everything(projects, known)
        kept = [project for project in projects if choices.accepts(project)]
        return sorted(kept, key=lambda project: (project.reference, project.pk))

    def head(self) -> tuple[int, str]:
        sealed = SealedRecord.objects.filter(intercommunality=self.intercommunality, sealed_at__lte=self.moment)
        last = sealed.order_by("-sequence").first()
        return (last.sequence, last.digest) if last else (0, "")

    def bring_everything(self, projects: Sequence[Project], records: dict[int, Any]) -> None:
        """Bring along all that a sheet says, as `with_everything` does for the present."""
        keys = [project.pk for project in projects]
        prefetch_related_objects(projects, "intercommunality", "lead_councillor")
        self.bring_linked(projects, records, "communes", lambda found: Commune.objects.filter(pk__in=found))
        self.bring_linked(
            projects, records, "competences", lambda found: Competence.objects.with_standing().filter(pk__in=found)
        )
        self.bring_linked(projects, records, "objectives", lambda found: self.rows(StrategyNode, id__in=found))
        for name, model in (
            ("objective_shares", ObjectiveShare),
            ("course", CourseStep),
            ("milestones", Milestone),
        ):
            give(projects, name, self.rows(model, project_id__in=keys), "project_id")
        give(projects, "meetings", self.meetings(keys), "project_id")
        give(projects, "orientation_fits", self.fits(keys), "project_id")
        give(projects, "actors", self.actors(projects), "project_id")
        give(projects, "funding_plans", self.plans(keys), "project_id")
        give(projects, "contributions", self.testimonies(keys), "project_id")
        give(projects, "indicator_set", self.indicators(keys), "project_id")
        give(projects, "surveys", self.surveys(project_id__in=keys), "project_id")
        give(projects, "agenda_items", self.published_items(keys), "project_id")

    def bring_linked(
        self,
        projects: Sequence[Project],
        records: dict[int, Any],
        name: str,
        read: Callable[[Collection[int]], Iterable[Model]],
    ) -> None:
        """Bring the rows of a many-to-many relation, as the record of each project names them."""
        links: Any = getattr(Project.history.model, name).model
        target = Project._meta.get_field(name).m2m_reverse_field_name()  # type: ignore[union-attr]
        named: dict[int, set[int]] = {}
        found = links.objects.filter(history_id__in=[record.history_id for record in records.values()])
        for record, row in found.values_list("history_id", f"{target}_id"):
            named.setdefault(record, set()).add(row)
        rows = list(read(set().union(*named.values())))
        for project in projects:
            mine = named.get(records[project.pk].history_id, set())
            keep(project, name, [row for row in rows if row.pk in mine])

    def fits(self, keys: Collection[int]) -> list[OrientationFit]:
        orientations = {one.pk: one for one in self.rows(Orientation, intercommunality=self.intercommunality)}
        fits = [fit for fit in self.rows(OrientationFit, project_id__in=keys) if fit.orientation_id in orientations]
        for fit in fits:
            fit.orientation = orientations[fit.orientation_id]
        return sorted(fits, key=lambda fit: fit.orientation.position)

    def actors(self, projects: Sequence[Project]) -> list[Actor]:
        by_key = {project.pk: project for project in projects}
        actors = self.rows(Actor, project_id__in=list(by_key))
        prefetch_related_objects(actors, "relay", "partner")
        for actor in actors:
            actor.project = by_key[actor.project_id]
        keys = [actor.pk for actor in actors]
        interests = sorted(open_to_all(self.rows(Interest, actor_id__in=keys)), key=lambda interest: interest.pk)
        give(actors, "endorsements", self.rows(Endorsement, actor_id__in=keys), "actor_id")
        give(actors, "interests", interests, "actor_id")
        return actors

    def plans(self, keys: Collection[int]) -> list[FundingPlan]:
        plans = [plan for plan in self.rows(FundingPlan, project_id__in=keys) if plan.is_current]
        lines = self.rows(FundingLine, plan_id__in=[plan.pk for plan in plans])
        give(lines, "years", self.rows(FundingYear, line_id__in=[line.pk for line in lines]), "line_id")
        give(plans, "lines", lines, "plan_id")
        running = self.rows(OperatingLine, plan_id__in=[plan.pk for plan in plans])
        give(running, "years", self.rows(OperatingYear, line_id__in=[line.pk for line in running]), "line_id")
        give(plans, "operating_lines", running, "plan_id")
        credits_ = self.rows(PaymentCredit, plan_id__in=[plan.pk for plan in plans])
        by_key = {plan.pk: plan for plan in plans}
        for credit in credits_:
            credit.plan = by_key[credit.plan_id]  # which says on what basis it is read
        give(plans, "payment_credits", credits_, "plan_id")
        return plans

    def meetings(self, keys: Collection[int]) -> list[Meeting]:
        found = self.rows(Meeting, project_id__in=keys)
        prefetch_related_objects(found, "commune")
        return found

    def testimonies(self, keys: Collection[int]) -> list[Contribution]:
        """Those that were in the file; one hidden since then stays hidden."""
        found = [one for one in self.rows(Contribution, project_id__in=keys) if one.is_in_file]
        hidden = Contribution.objects.filter(project_id__in=keys, hidden_at__isnull=False)
        masked = set(hidden.values_list("pk", flat=True))
        kept = [one for one in found if one.pk not in masked]
        prefetch_related_objects(kept, "commune")
        return sorted(kept, key=lambda one: (one.file_position, one.pk))

    def published_items(self, keys: Collection[int]) -> list[AgendaItem]:
        published = items_with_decisions().filter(
            project_id__in=keys,
            decision__proclaimed_at__lte=self.moment,
            session__publication__published_at__lte=self.moment,
        )
        return list(published)


def reading_of(intercommunality: Intercommunality, choices: Choices, today: dt.date) -> Present:
    """The past when a day was chosen, else the present."""
    day = choices.day
    return Past(intercommunality, day) if day else Present(intercommunality, today)


def items_with_decisions() -> QuerySet[AgendaItem]:
    return AgendaItem.objects.select_related("session__body", "session__publication", "decision")


def with_everything(projects: QuerySet[Project]) -> QuerySet[Project]:
    """Bring along all that a sheet says, in one query for each kind of thing."""
    testimonies = (
        Contribution.objects.filter(file_position__isnull=False)
        .select_related("commune")
        .order_by("file_position", "pk")
    )
    return projects.select_related("lead_councillor").prefetch_related(
        "communes",
        Prefetch("competences", Competence.objects.with_standing()),
        "objectives",
        "objective_shares",
        Prefetch("orientation_fits", OrientationFit.objects.select_related("orientation")),
        "actors__relay",
        "actors__partner",
        "actors__endorsements",
        Prefetch("actors__interests", Interest.objects.shared().order_by("pk")),
        Prefetch("funding_plans", FundingPlan.objects.filter(is_current=True).prefetch_related(*ALL_SAID)),
        "course",
        "milestones",
        Prefetch("meetings", Meeting.objects.filter(state=Meeting.State.PLANNED).select_related("commune")),
        *with_effects(),
        Prefetch("contributions", testimonies),
        Prefetch("agenda_items", items_with_decisions()),
    )


def give(owners: Iterable[Model], name: str, rows: Iterable[Model], link: str) -> None:
    """Hand each owner its rows, as if they had been prefetched."""
    by_owner: dict[int, list[Model]] = {}
    for row in rows:
        by_owner.setdefault(getattr(row, link), []).append(row)
    for owner in owners:
        keep(owner, name, by_owner.get(owner.pk, []))


def keep(owner: Any, name: str, rows: list[Any]) -> None:
    """Have `owner.name.all()` answer these rows without a query."""
    answer = getattr(owner, name).get_queryset()
    answer._result_cache, answer._prefetch_done = rows, True
    owner.__dict__.setdefault("_prefetched_objects_cache", {})[name] = answer
