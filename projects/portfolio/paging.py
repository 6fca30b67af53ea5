"""Pages of a long list by key: the hundredth page costs what the first one does, which OFFSET cannot promise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils.dateparse import parse_datetime

from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet

SIZE = 30


@dataclass(frozen=True)
class Slice:
    """A page of projects, and the key of what follows."""

    rows: list[Project]
    next_key: str


def key_of(project: Project) -> str:
    return f"{project.updated_at.isoformat()}~{project.pk}"


def read_key(text: str) -> tuple[datetime, int] | None:
    """Understand a key; a damaged one leads back to the first page."""
    moment, _, pk = text.partition("~")
    try:
        read = parse_datetime(moment)
    except ValueError:
        return None
    return (read, int(pk)) if read and read.tzinfo and pk.isdecimal() and len(pk) < 19 else None


def after(projects: ProjectQuerySet, text: str) -> ProjectQuerySet:
    """What follows a key, in the order of the latest changes."""
    if key := read_key(text):
        moment, pk = key
        projects = projects.filter(updated_at__lte=moment).filter(Q(updated_at__lt=moment) | Q(pk__lt=pk))
    return projects


def page_after(
    projects: ProjectQuerySet,
    text: str,
    size: int = SIZE,
    *,
    known: Sequence[int] | None = None,
    shown: Callable[[ProjectQuerySet], ProjectQuerySet] = lambda rows: rows,
) -> Slice:
    """Read one page, the latest changes first, after the key given.

    The page is chosen by its numbers, then read as it is `shown`. Its first numbers may be `known` already.
    """
    keys = list(known[: size + 1]) if known is not None else after(projects, text).newest(size + 1)
    rows = list(shown(Project.objects.filter(pk__in=keys[:size])).order_by("-updated_at", "-pk"))
    return Slice(rows, key_of(rows[-1]) if len(keys) > size else "")
