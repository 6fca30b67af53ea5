"""Acts of printing: ask for the document, print it in the background, print one sheet for a file."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from cooperation import jobs
from cooperation.french import counted
from cooperation.models import Job
from cooperation.printing import (
    Limits,
    Printed,
    PrintingError,
    count_missing,
    impose,
    print_document,
    print_in_parts,
)
from cooperation.printing.process import FAILED, SHEET
from partners.people.access import scope_of
from projects.models import PrintChoices, PrintVersion, Project, SubmissionDocument
from projects.notices.services import tell
from projects.report.choices import Choices, Format
from projects.report.content import Report, gather
from projects.report.documents import changes_document, project_document, report_document
from projects.report.reading import Present
from projects.report.versions import Comparison, facts_of
from territories.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User

KIND = "territory_report"
# What is printed at once, in a few seconds: so many projects read, so many parts to lay out at most.
SHORT, FEW = 200, 24
BREATH = 1.0  # seconds between two notes of progress: the row is also read by everybody else's pages


def remembered_choices(intercommunality: Intercommunality) -> Choices:
    """What the coordination chose last; everything, internally, when it never chose."""
    kept = PrintChoices.objects.filter(intercommunality=intercommunality).first()
    return Choices.read(kept.values) if kept else Choices()


@transaction.atomic
def remember_choices(*, by: User, intercommunality: Intercommunality, choices: Choices) -> None:
    """Keep what was chosen for the next time; a selection made in the list of projects is for once."""
    PrintChoices.objects.update_or_create(
        intercommunality=intercommunality,
        defaults={
            "values": replace(choices, query="", as_of="", version="", adopted_on="", adopted_by="").keep(),
            "changed_by": by,
        },
    )


def print_or_request(*, by: User, intercommunality: Intercommunality, choices: Choices) -> Job:
    """Print at once what takes a few seconds; ask the worker for what takes longer."""
    if under_way(by, intercommunality, choices) or (report := short_report(by, intercommunality, choices)) is None:
        return request_print(by=by, intercommunality=intercommunality, choices=choices)
    job = request_print(by=by, intercommunality=intercommunality, choices=choices, queued=False)
    print_for(job, report)
    return job


def short_report(by: User, intercommunality: Intercommunality, choices: Choices) -> Report | None:
    """The document, when there is little to read and little to lay out."""
    today = timezone.localdate()
    visible = Present(intercommunality, today).visible(by)
    chosen = visible if choices.as_of else choices.apply(visible, intercommunality)
    if chosen.count() > SHORT:
        return None
    report = gather(intercommunality, user=by, today=today, choices=choices)
    return report if count_missing(report_document(report)) <= FEW else None


def under_way(by: User, intercommunality: Intercommunality, choices: Choices) -> Job | None:
    """The same print, already asked for by this person and not over."""
    mine = Job.objects.filter(kind=KIND, intercommunality_id=intercommunality.pk, requested_by=by)
    order = choices.keep()
    return next((job for job in mine.filter(state__in=jobs.ALIVE) if job.order == order), None)


@transaction.atomic
def request_print(
    *, by: User, intercommunality: Intercommunality, choices: Choices | None = None, queued: bool = True
) -> Job:
    """Ask the worker for the document; the same print already under way is joined rather than doubled."""
    jobs.sweep(timezone.now())  # a dead worker never keeps the button closed
    choices = choices or Choices()
    if waiting := under_way(by, intercommunality, choices):
        return waiting
    job = Job(kind=KIND, intercommunality_id=intercommunality.pk, requested_by=by, message="En attente de l’imprimeur")
    job.order = choices.keep()
    if not queued:  # no worker may take it meanwhile
        job.state, job.heartbeat_at = Job.State.RUNNING, timezone.now()
    job.full_clean()
    job.save()
    if queued:
        jobs.enqueue(job)
    return job


def print_for(job: Job, report: Report | None = None) -> None:
    """Print what a job asked for; whatever goes wrong ends as one French sentence in its row.

    With a report already read, the person is waiting in front of the page: it is short, and no notice is needed.
    """
    try:
        jobs.start(job, message="Lecture des projets")
        intercommunality = Intercommunality.objects.get(pk=job.intercommunality_id)
        # Asked again when the job runs: a right withdrawn since then prints nothing.
        if job.requested_by is None or not may_print(job.requested_by, intercommunality):
            jobs.fail(job, message="Votre rôle ne permet plus d’imprimer ce projet de territoire.")
            return
        waited_for = report is not None
        if report is None:
            choices = Choices.read(job.order)
            report = gather(intercommunality, user=job.requested_by, today=timezone.localdate(), choices=choices)
        heard = note_progress(job, gives_way=not waited_for)
        printed = print_whole(report, on_progress=heard, limits=SHEET if waited_for else None)
        name = name_of(report, intercommunality)
        content = impose(printed.path) if report.choices.format == Format.BOOKLET else printed.content
        if report.choices.version and not printed.missing:
            keep_version(by=job.requested_by, intercommunality=intercommunality, report=report, content=printed.content)
        message = "Le document est prêt" if not printed.missing else "Le document est prêt, mais incomplet"
        jobs.finish(
            job, name=name, content=content, message=message, warning=say_missing(printed, report.choices.version)
        )
        if waited_for:
            return
        tell(
            "printed",
            [job.requested_by],
            fact=f"job:{job.pk}",
            address=reverse("projects:print_progress", args=[job.pk]),
            intercommunality_id=intercommunality.pk,
            now=timezone.now(),
        )
    except (jobs.Cancelled, jobs.GaveWay):
        return
    except PrintingError as error:
        jobs.fail(job, message=str(error))
    except Exception:
        jobs.fail(job, message=FAILED)
        raise


def name_of(report: Report, intercommunality: Intercommunality) -> str:
    """Name the file after the EPCI, for whom it is, its paper and the day whose state it shows."""
    day = f"tel-qu-au-{report.as_of:%Y-%m-%d}" if report.as_of else f"{report.printed_on:%Y-%m-%d}"
    paper = {Format.A5: "-a5", Format.BOOKLET: "-livret"}.get(Format(report.choices.format), "")
    extract = "-extrait" if report.choices.is_partial else ""
    public = "-public" if report.is_public else ""  # one that is not must not leave by mistake
    return f"projet-de-territoire-{intercommunality.siren}-{day}{extract}{public}{paper}.pdf"


@transaction.atomic
def keep_version(*, by: User, intercommunality: Intercommunality, report: Report, content: bytes) -> PrintVersion:
    """Keep a print for good under the next number; an incomplete print is never a version."""
    Intercommunality.objects.select_for_update().get(pk=intercommunality.pk)  # numbers are given one at a time
    last = PrintVersion.objects.filter(intercommunality=intercommunality).aggregate(last=Max("number"))["last"] or 0
    choices = report.choices
    version = PrintVersion(
        intercommunality=intercommunality,
        number=last + 1,
        label=choices.version,
        adopted_on=dt.date.fromisoformat(choices.adopted_on) if choices.adopted_on else None,
        adopted_by=choices.adopted_by,
        choices=choices.keep(),
        facts=facts_of(report),
        digest=hashlib.sha256(content).hexdigest(),
        kept_by=by,
    )
    version.file.save(f"projet-de-territoire-v{version.number}.pdf", ContentFile(content), save=False)
    version.full_clean()
    version.save()
    return version


def say_missing(printed: Printed, version: str = "") -> str:
    """Name what had to be left out; a page says so at its place in the document, which is then no version."""
    if not printed.missing:
        return ""
    names = ", ".join(printed.missing)
    kept = f" Il n’a pas été gardé comme « {version} »." if version else ""
    return (
        f"Ce document est incomplet : {names}. À cette place, une page dit pourquoi ; tout le reste est imprimé.{kept}"
    )


def may_print(user: User, intercommunality: Intercommunality) -> bool:
    return user.is_superuser or scope_of(user).may("print_report", intercommunality.pk)


def note_progress(
    job: Job, clock: Callable[[], float] = time.monotonic, *, gives_way: bool = True
) -> Callable[[int, int], None]:
    """Make the listener that writes progress in the row, at most once a second and never quite to the end.

    Once its turn has lasted and something came of it, it leaves the worker to those who wait.
    """
    start = last = clock()
    first: int | None = None

    def heard(done: int, total: int) -> None:
        nonlocal last, first
        first = done if first is None else first
        if (now := clock()) - last < BREATH:
            return
        last = now
        told = counted(done, "partie")
        message = f"Mise en page : {told} sur {total}{say_remaining(now - start, done - first, total - done)}"
        jobs.report(job, done=min(done, total), total=total + 1, message=message)
        if gives_way and done > first and now - start > jobs.TURN.total_seconds() and jobs.somebody_waits():
            jobs.give_way(job)
            raise jobs.GaveWay

    return heard


def say_remaining(elapsed: float, done: int, left: int) -> str:
    """Say how long remains, in round words: a number of seconds that jumps about helps nobody."""
    if done < 3 or not left:
        return ""
    seconds = elapsed / done * left
    if seconds < 50:
        return f", encore {max(5, 5 * round(seconds / 5))} secondes environ"
    minutes = round(seconds / 60) or 1
    return f", encore {counted(minutes, 'minute')} environ"


def print_whole(
    report: Report, *, on_progress: Callable[[int, int], None] | None = None, limits: Limits | None = None
) -> Printed:
    """Print the whole projet de territoire; what did not change since the last print is not laid out again."""
    return print_in_parts(report_document(report), on_progress=on_progress, limits=limits)


def print_project(project: Project, *, moment: str = "", today: dt.date | None = None) -> bytes:
    """Print the sheet of one project, as the file keeps it at each submission."""
    today = today or timezone.localdate()
    moment = moment or f"Fiche imprimée le {today:%d/%m/%Y}"
    return print_document(project_document(project, moment=moment, today=today), limits=SHEET)


def print_sheet(project: Project, *, today: dt.date, public: bool) -> bytes:
    """Print the sheet that a person asks for; the same sheet asked for again is not laid out again."""
    moment = f"Fiche imprimée le {today:%d/%m/%Y}"
    document = project_document(project, moment=moment, today=today, public=public)
    printed = print_in_parts(document, limits=SHEET)
    if printed.missing:
        raise PrintingError(FAILED)
    return printed.content


def print_changes(before: PrintVersion, after: PrintVersion, comparison: Comparison) -> bytes:
    """Print the supplement that goes with a new version."""
    printed = print_in_parts(changes_document(before, after, comparison))
    if printed.missing:
        raise PrintingError(FAILED)
    return printed.content


def keep_submission(document: SubmissionDocument) -> None:
    """Print the sheet as it was submitted and keep it in the file with its hash; once kept, it is never replaced."""
    if document.file:
        return
    day = timezone.localdate(document.submitted_at)
    pdf = print_project(document.project, moment=f"Déposé le {day:%d/%m/%Y}", today=day)
    document.content_hash = hashlib.sha256(pdf).hexdigest()
    document.file.save(f"{document.project.reference}-{day:%Y-%m-%d}.pdf", ContentFile(pdf), save=False)
    document.save()
