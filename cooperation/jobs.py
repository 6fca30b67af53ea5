"""The life of a background job: started, reported upon, finished, or swept when its worker died.

The queue itself is django-tasks; it has neither progress nor heartbeat, so both are kept in our own row.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files import File
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.utils import timezone
from django.utils.module_loading import import_string
from django_tasks_db.models import DBTaskResult

from cooperation.files import KEPT, FilesOutOfReach
from cooperation.models import Job

SILENCE = timedelta(minutes=3)  # a worker that said nothing for so long is dead
HESITATION = timedelta(seconds=45)  # one that said nothing for so long may be: who watches is told
RESUMPTIONS = 2  # a job that kills its worker every time must end
TURN = timedelta(seconds=30)  # how long a job keeps the worker while somebody else waits
INTERRUPTED = "Le travail a été interrompu avant la fin. Rien n’est perdu : relancez-le."
RESUMED = "Reprise après une interruption"
GAVE_WAY = "Une demande plus récente passe d’abord ; la suite vient aussitôt après, et ce qui est prêt le reste."
CANCELLED = "Vous avez annulé ce travail."
FORGOTTEN = "Ce document, prêt depuis plus d’un mois, n’est plus conservé."
ALIVE = (Job.State.QUEUED, Job.State.RUNNING)


class Cancelled(Exception):
    """Raised in the worker when the job it does was cancelled, or closed, in the meantime."""


class GaveWay(Exception):
    """Raised in the worker when the job it does left its place to those who wait."""


def enqueue(job: Job) -> None:
    """Take a ticket for the worker, once what is being written is kept: it then does the job whose turn it is."""
    task = import_string(settings.JOB_TASKS[job.kind])
    transaction.on_commit(task.enqueue)


@transaction.atomic
def take_turn(kinds: Iterable[str]) -> Job | None:
    """Claim the job of these kinds whose turn it is: of the EPCI served the longest ago, and of its own, the one left
    the longest.

    So one EPCI, whatever it asks for, never keeps another waiting longer than a turn.
    """
    kinds = list(kinds)
    theirs = Job.objects.filter(kind__in=kinds, intercommunality_id=OuterRef("intercommunality_id"))
    served = theirs.filter(heartbeat_at__isnull=False).order_by("-heartbeat_at").values("heartbeat_at")[:1]
    waiting = Job.objects.filter(kind__in=kinds, state=Job.State.QUEUED).annotate(served=Subquery(served))
    order = (F("served").asc(nulls_first=True), F("heartbeat_at").asc(nulls_first=True), "created_at", "pk")
    job = waiting.order_by(*order).select_for_update(skip_locked=True).first()
    if job:
        job.state, job.heartbeat_at = Job.State.RUNNING, timezone.now()
        job.save(update_fields=["state", "heartbeat_at"])
    return job


def somebody_waits() -> bool:
    """Whether the worker is expected elsewhere: by another job, or by a task that has none."""
    tickets = list(settings.JOB_TASKS.values())
    others = DBTaskResult.objects.ready().exclude(task_path__in=tickets)
    return Job.objects.filter(state=Job.State.QUEUED).exists() or others.exists()


@transaction.atomic
def give_way(job: Job, *, message: str = GAVE_WAY) -> None:
    """Put a job back in the queue with what it has made, for those who wait. Raises `Cancelled` as a report does."""
    running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    if not running.update(state=Job.State.QUEUED, message=message, heartbeat_at=timezone.now()):
        raise Cancelled
    enqueue(job)


def start(job: Job, *, total: int = 0, message: str = "") -> None:
    report(job, done=0, total=total, message=message)


def report(job: Job, *, done: int, total: int | None = None, message: str = "") -> None:
    """Say how far the job got; it is also its sign of life. Raises `Cancelled` when it is no longer wanted."""
    job.state, job.done, job.heartbeat_at = Job.State.RUNNING, done, timezone.now()
    job.total = job.total if total is None else total
    job.message = message[:300]
    values = {name: getattr(job, name) for name in ("state", "done", "total", "message", "heartbeat_at")}
    if not Job.objects.filter(pk=job.pk, state__in=ALIVE).update(**values):
        job.refresh_from_db()
        raise Cancelled


def finish(job: Job, *, name: str, content: bytes | File, message: str = "", warning: str = "") -> None:
    """Keep the result and close the job; a warning says what the result lacks."""
    job.warning = warning
    job.result.save(name, content if isinstance(content, File) else ContentFile(content), save=False)
    _close(job, Job.State.DONE, message)


def fail(job: Job, *, message: str) -> None:
    """Close the job with the French sentence that says what went wrong."""
    _close(job, Job.State.FAILED, message)


@transaction.atomic
def cancel(job: Job) -> None:
    """Close a job that is no longer wanted; its worker finds out at its next sign of life."""
    job = Job.objects.select_for_update().get(pk=job.pk)
    if not job.is_over:
        _close(job, Job.State.CANCELLED, CANCELLED)


def is_silent(job: Job, now: datetime, *, since: timedelta = HESITATION) -> bool:
    """Whether the worker of a job gave no sign of life for so long."""
    return job.state == Job.State.RUNNING and job.heartbeat_at is not None and job.heartbeat_at < now - since


def sweep(now: datetime) -> int:
    """Resume the jobs whose worker gave no sign of life, or close them, and call for those nobody was told of; returns
    how many."""
    lost = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - SILENCE)
    for job in (jobs := list(lost)):
        if job.kind in settings.JOB_TASKS and job.attempts < RESUMPTIONS:
            _resume(job)
        else:
            fail(job, message=INTERRUPTED)
    return len(jobs) + call_again(now)


def call_again(now: datetime) -> int:
    """Take a ticket for each job that waits without one; returns how many.

    Its own was lost, or bore the name that a task had before an upgrade, which no worker knows any more.
    """
    waiting = Job.objects.filter(state=Job.State.QUEUED, kind__in=settings.JOB_TASKS, created_at__lt=now - SILENCE)
    tickets = DBTaskResult.objects.ready().filter(task_path__in=set(settings.JOB_TASKS.values()))
    missing = waiting.count() - tickets.count()
    for job in (jobs := list(waiting.order_by("created_at")[: max(missing, 0)])):
        enqueue(job)
    return len(jobs)


def forget(now: datetime) -> int:
    """Let go of the results that were ready a month ago; returns how many. What is to last is kept elsewhere.

    Where the files are out of reach, those that remain wait for another night.
    """
    ready = Job.objects.filter(state=Job.State.DONE, finished_at__lt=now - KEPT).exclude(result="")
    gone = 0
    with suppress(FilesOutOfReach):
        for job in ready:
            job.result.delete(save=False)
            job.message, job.warning = FORGOTTEN, ""
            job.save(update_fields=["result", "message", "warning"])
            gone += 1
    return gone


@transaction.atomic
def _resume(job: Job) -> None:
    job.state, job.message, job.attempts = Job.State.QUEUED, RESUMED, job.attempts + 1
    job.save()
    enqueue(job)


def _close(job: Job, state: str, message: str) -> None:
    job.state, job.message, job.finished_at = state, message[:300], timezone.now()
    job.done = job.total if state == Job.State.DONE else job.done
    job.save()
