"""Acts of printing: ask for the document, print it in the background, print one sheet for a file."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from cooperation import jobs
from cooperation.models import Job
from cooperation.printing import Limits, PrintingError, print_document
from cooperation.printing.process import FAILED, SHEET
from partners.people.access import scope_of
from projects.models import Project, SubmissionDocument
from projects.report.content import Report, gather
from projects.report.documents import project_document, report_document
from territories.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

KIND = "territory_report"
WAITING = (Job.State.QUEUED, Job.State.RUNNING)
BREATH = 1.0  # seconds between two notes of progress: the row is also read by everybody else's pages
BEYOND_LAYOUT = 1.5  # once every page is laid out, the last third of the time goes into writing the file
MEGABYTE = 1024 * 1024


@transaction.atomic
def request_print(*, by: User, intercommunality: Intercommunality) -> Job:
    """Ask the worker for the document; a print already under way is joined rather than doubled."""
    jobs.sweep(timezone.now())  # a dead worker never keeps the button closed
    mine = Job.objects.filter(kind=KIND, intercommunality_id=intercommunality.pk, requested_by=by)
    if (waiting := mine.filter(state__in=WAITING).first()) is not None:
        return waiting
    job = Job(kind=KIND, intercommunality_id=intercommunality.pk, requested_by=by, message="En attente de l’imprimeur")
    job.full_clean()
    job.save()
    transaction.on_commit(partial(enqueue, job.pk))
    return job


def enqueue(pk: int) -> None:
    from projects.report.tasks import print_report  # the task calls back into this module

    print_report.enqueue(pk)


def print_for(job: Job) -> None:
    """Print what a job asked for; whatever goes wrong ends as one French sentence in its row."""
    try:
        jobs.start(job, message="Lecture des projets")
        intercommunality = Intercommunality.objects.get(pk=job.intercommunality_id)
        # Asked again when the job runs: a right withdrawn since then prints nothing.
        if job.requested_by is None or not may_print(job.requested_by, intercommunality):
            jobs.fail(job, message="Votre rôle ne permet plus d’imprimer ce projet de territoire.")
            return
        today = timezone.localdate()
        report = gather(intercommunality, user=job.requested_by, today=today)
        pdf = print_whole(report, on_progress=note_progress(job, report))
        name = f"projet-de-territoire-{intercommunality.siren}-{today:%Y-%m-%d}.pdf"
        jobs.finish(job, name=name, content=pdf, message="Le document est prêt")
    except PrintingError as error:
        jobs.fail(job, message=str(error))
    except Exception:
        jobs.fail(job, message=FAILED)
        raise


def may_print(user: User, intercommunality: Intercommunality) -> bool:
    return user.is_superuser or scope_of(user).may("print_report", intercommunality.pk)


def note_progress(job: Job, report: Report) -> Callable[[int], None]:
    """Make the listener that writes progress in the row, at most once a second and never quite to the end."""
    expected = max(1, round((6 + len(report.axes) + 2 * report.sheets_count) * BEYOND_LAYOUT))
    last = 0.0

    def heard(pages: int) -> None:
        nonlocal last
        if time.monotonic() - last < BREATH:
            return
        last = time.monotonic()
        jobs.report(job, done=min(pages, expected - 1), total=expected, message="Mise en page")

    return heard


def print_whole(report: Report, *, on_progress: Callable[[int], None] | None = None) -> bytes:
    """Print the whole projet de territoire."""
    return print_document(report_document(report), limits=limits_of(report), on_progress=on_progress)


def limits_of(report: Report) -> Limits:
    """Grant what a document of this length needs, several times over: time and memory grow with the sheets."""
    sheets = report.sheets_count
    return Limits(seconds=120 + 5 * sheets, cpu_seconds=120 + 5 * sheets, memory=(640 + 8 * sheets) * MEGABYTE)


def print_project(project: Project, *, moment: str = "", today: dt.date | None = None) -> bytes:
    """Print the sheet of one project, as the file keeps it at each submission."""
    today = today or timezone.localdate()
    moment = moment or f"Fiche imprimée le {today:%d/%m/%Y}"
    return print_document(project_document(project, moment=moment, today=today), limits=SHEET)


def keep_submission(document: SubmissionDocument) -> None:
    """Print the sheet as it was submitted and keep it in the file with its hash; once kept, it is never replaced."""
    if document.file:
        return
    day = timezone.localdate(document.submitted_at)
    pdf = print_project(document.project, moment=f"Déposé le {day:%d/%m/%Y}", today=day)
    document.content_hash = hashlib.sha256(pdf).hexdigest()
    document.file.save(f"{document.project.reference}-{day:%Y-%m-%d}.pdf", ContentFile(pdf), save=False)
    document.save()
