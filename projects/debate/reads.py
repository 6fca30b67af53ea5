"""What a page shows of a debate, read in a number of queries that does not grow with it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.core.paginator import Page, Paginator
from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse

from projects.debate.access import may_contribute, may_correct, may_moderate
from projects.debate.models import Contribution, Document, DocumentVersion, Thanks
from projects.debate.services import file_of
from projects.lineage.reading import absorbed_into
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

THREADS = 25


@dataclass(frozen=True)
class Line:
    """A contribution as this reader sees it, with what they may do about it."""

    contribution: Contribution
    thanks: int
    thanked: bool
    may_read: bool  # a hidden text is read by the coordination and by who wrote it
    may_reply: bool
    may_thank: bool
    may_correct: bool
    may_moderate: bool
    may_file: bool
    mentions: str = ""
    replies: list[Line] = field(default_factory=list)


def told(user: User) -> QuerySet[Contribution]:
    """Contributions with all that a line shows."""
    mine = Thanks.objects.filter(contribution=OuterRef("pk"), person=user)
    return (
        Contribution.objects.select_related("commune")
        .prefetch_related("mentions")
        .annotate(thanks_count=Count("thanks"), thanked=Exists(mine))
    )


def inherited_of(project: Project, user: User) -> list[tuple[Project, list[Line]]]:
    """What was said of the projects that this one took over, for whoever sees them: read here, answered nowhere."""
    told_of = absorbed_into(project, user)
    said = told(user).filter(project__in=told_of, parent=None).order_by("written_at", "pk")
    found: dict[int, list[Contribution]] = {}
    for one in said.prefetch_related(Prefetch("replies", told(user).order_by("written_at", "pk"))) if told_of else ():
        found.setdefault(one.project_id, []).append(one)
    return [(one, lines_of(found[one.pk], one, user)) for one in told_of if one.pk in found]


def threads_of(project: Project, user: User, *, kind: str = "", page: str | None = None) -> tuple[Page, list[Line]]:
    """One page of the threads of a debate, the latest first, each with its replies in the order they came."""
    top = told(user).filter(project=project, parent=None).order_by("-written_at", "-pk")
    if kind in Contribution.Kind.values:
        top = top.filter(kind=kind)
    threads = top.prefetch_related(Prefetch("replies", told(user).order_by("written_at", "pk")))
    shown = Paginator(threads, THREADS).get_page(page)
    return shown, lines_of(shown, project, user)


def lines_of(contributions: Iterable[Contribution], project: Project, user: User) -> list[Line]:
    speaks, moderates = bool(may_contribute(user, project)), may_moderate(user, project)
    return [line_of(one, user, speaks=speaks, moderates=moderates) for one in contributions]


def line_of(one: Contribution, user: User, *, speaks: bool, moderates: bool) -> Line:
    mine = one.is_written_by(user)
    replies = one.replies.all() if one.parent_id is None else []
    return Line(
        contribution=one,
        thanks=one.thanks_count,  # type: ignore[attr-defined]
        thanked=one.thanked,  # type: ignore[attr-defined]
        may_read=not one.is_hidden or moderates or mine,
        may_reply=speaks and one.parent_id is None and not one.is_hidden,
        may_thank=speaks and not mine and not one.is_hidden,
        may_correct=speaks and may_correct(user, one),
        may_moderate=moderates,
        may_file=moderates and one.kind == Contribution.Kind.TESTIMONY and not one.is_hidden,
        mentions=", ".join(actor.name for actor in one.mentions.all()),
        replies=[line_of(reply, user, speaks=speaks, moderates=moderates) for reply in replies],
    )


def tabs_of(project: Project, kind: str) -> list[dict[str, Any]]:
    """The kinds of contributions that open a thread, with their numbers, as links."""
    url = reverse("projects:debate", args=[project.pk])
    opened = Count("pk", filter=Q(parent=None))
    counts = dict(project.contributions.order_by().values_list("kind").annotate(n=opened))
    tabs = [{"label": "Tout", "url": url, "is_current": not kind, "count": sum(counts.values())}]
    for value, label in PLURALS.items():
        tabs.append({"label": label, "url": f"{url}?voir={value}", "is_current": kind == value, "count": counts.get(value, 0)})  # fmt: skip # noqa: E501
    return tabs


PLURALS = {"testimony": "Vécus", "question": "Questions", "suggestion": "Suggestions", "reservation": "Réserves"}


def former_versions(contribution: Contribution) -> list[Any]:
    """The former wordings of a contribution, the latest first: the last text that each version bore."""
    kept: dict[int, Any] = {}
    for record in contribution.history.filter(version__lt=contribution.version).order_by("history_date", "history_id"):
        kept[record.version] = record
    return [kept[number] for number in sorted(kept, reverse=True)]


def documents_of(project: Project) -> list[Document]:
    """The documents of a project, each with its versions, the latest first."""
    versions = DocumentVersion.objects.order_by("-number")
    return list(project.documents.prefetch_related(Prefetch("versions", versions)))


def summary_of(project: Project) -> dict[str, Any] | None:
    """What the page of a project says of its debate: the testimonies of the file, then how much there is to read."""
    if project.submitted_at is None:
        return None
    said = project.contributions.aggregate(
        all=Count("pk"),
        testimonies=Count("pk", filter=Q(kind="testimony")),
        questions=Count("pk", filter=Q(kind="question")),
        reservations=Count("pk", filter=Q(kind="reservation")),
    )
    return said | {"file": file_of(project), "documents": project.documents.count()}
