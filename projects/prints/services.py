"""Acts of printing: print at once what takes a few seconds, have the worker prepare what takes longer."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from cooperation import jobs
from cooperation.files import FilesOutOfReach
from cooperation.french import counted
from cooperation.models import Job
from cooperation.printing import (
    Limits,
    Printed,
    PrintingError,
    TooLong,
    impose,
    print_document,
    print_in_parts,
    wait_for,
)
from cooperation.printing.process import FAILED, SHEET
from projects.notices.services import tell
from projects.prints.papers import Paper, Written, read_paper

if TYPE_CHECKING:
    from partners.people.models import User

# What is printed at once: so many projects read at most, so many seconds to lay out what is not kept.
MANY, A_FEW_SECONDS = 200, 4.0
BREATH = 1.0  # seconds between two notes of progress: the row is also read by everybody else's pages
LONGER = "Ce document est plus long que prévu : l’imprimeur le termine, et ce qui est prêt le reste."
NO_LONGER = "Votre rôle ne permet plus d’imprimer ce document."


def write_if_short(paper: Paper, by: User) -> Written | None:
    """The rule: a paper is written for whoever waits when there is little to read and little left to lay out."""
    today = timezone.localdate()
    if paper.count(by, today) > MANY:
        return None
    written = paper.write(by, today)
    return written if wait_for(written.document, in_one_piece=written.in_one_piece) <= A_FEW_SECONDS else None


def print_now(paper: Paper, *, by: User) -> tuple[str, bytes] | None:
    """The name and the content of a short paper; nothing for a longer one, or one that proves to be. It leaves no row.

    Raises PrintingError when it cannot be printed.
    """
    if (written := write_if_short(paper, by)) is None:
        return None
    try:
        content, missing = lay_out(written, limits=SHEET)
    except TooLong:
        return None
    if missing:
        raise PrintingError(name_missing(missing))
    return f"{written.name}.pdf", content


def print_or_request(*, by: User, paper: Paper) -> Job:
    """Print at once what is short, as a job that is over; ask the worker for what takes longer."""
    if under_way(by, paper) or (written := write_if_short(paper, by)) is None:
        return request_print(by=by, paper=paper)
    job = request_print(by=by, paper=paper, queued=False)
    print_for(job, written)
    return job


def under_way(by: User, paper: Paper) -> Job | None:
    """The same paper, already asked for by this person and not over."""
    mine = Job.objects.filter(kind=paper.kind, intercommunality_id=paper.intercommunality_id, requested_by=by)
    order = paper.order()
    return next((job for job in mine.filter(state__in=jobs.ALIVE) if job.order == order), None)


@transaction.atomic
def request_print(*, by: User, paper: Paper, queued: bool = True) -> Job:
    """Ask the worker for a paper; the same one already under way is joined rather than doubled."""
    jobs.sweep(timezone.now())  # a dead worker never keeps the button closed
    if waiting := under_way(by, paper):
        return waiting
    job = Job(
        kind=paper.kind,
        intercommunality_id=paper.intercommunality_id,
        requested_by=by,
        message="En attente de l’imprimeur",
        order=paper.order(),
    )
    if not queued:  # no worker may take it meanwhile
        job.state, job.heartbeat_at = Job.State.RUNNING, timezone.now()
    job.full_clean()
    job.save()
    if queued:
        jobs.enqueue(job)
    return job


def print_for(job: Job, written: Written | None = None) -> None:
    """Print what a job asked for; whatever goes wrong ends as one French sentence in its row.

    With pages already written, the person is waiting in front of the page: it is short, and no notice is needed. Should
    it prove long, the worker takes it up with what is already laid out.
    """
    is_waited_for = written is not None
    try:
        jobs.start(job, message="Lecture des projets")
        paper = read_paper(job)
        # Asked again when the job runs: a right withdrawn since then prints nothing.
        if job.requested_by is None or paper is None or not paper.is_open_to(job.requested_by):
            jobs.fail(job, message=NO_LONGER)
            return
        written = written or paper.write(job.requested_by, timezone.localdate())
        heard = note_progress(job, gives_way=not is_waited_for)
        content, missing = lay_out(written, limits=SHEET if is_waited_for else None, on_progress=heard)
        if missing and not paper.may_lack_pages:
            raise PrintingError(name_missing(missing))
        message = "Le document est prêt" if not missing else "Le document est prêt, mais incomplet"
        warning = say_missing(missing, written.version)
        jobs.finish(job, name=f"{written.name}.pdf", content=content, message=message, warning=warning)
        if not is_waited_for:
            tell_ready(job)
    except TooLong as error:
        if not is_waited_for:
            jobs.fail(job, message=str(error))
        else:
            with suppress(jobs.Cancelled):
                jobs.give_way(job, message=LONGER)
    except (jobs.Cancelled, jobs.GaveWay):
        return
    except (PrintingError, FilesOutOfReach) as error:
        jobs.fail(job, message=str(error))
    except Exception:
        jobs.fail(job, message=FAILED)
        raise


def tell_ready(job: Job) -> None:
    """Tell who asked that the document is there."""
    tell(
        "printed",
        [job.requested_by] if job.requested_by else [],
        fact=f"job:{job.pk}",
        address=reverse("projects:print_progress", args=[job.pk]),
        intercommunality_id=job.intercommunality_id,
        now=timezone.now(),
    )


def lay_out(
    written: Written, *, limits: Limits | None, on_progress: Callable[[int, int], None] | None = None
) -> tuple[bytes, list[str]]:
    """Lay a paper out, keep it if it is to be kept, fold it; returns its content and the names of what it lacks."""
    if written.in_one_piece:
        heard = partial(tell_pages, on_progress) if on_progress else None
        content, missing = print_document(written.document, limits=limits, on_progress=heard), []
    else:
        printed: Printed = print_in_parts(written.document, limits=limits, on_progress=on_progress)
        content, missing = printed.content, list(printed.missing)
    if written.keep and not missing:
        written.keep(content)
    return impose(printed.path) if written.is_folded else content, missing


def tell_pages(on_progress: Callable[[int, int], None], pages: int) -> None:
    """A paper in one piece does not know how many pages it will have."""
    on_progress(pages, 0)


def name_missing(missing: list[str]) -> str:
    """Say why a paper that must be whole is not handed over."""
    names = ", ".join(missing)
    return f"Le document n’a pas pu être imprimé en entier : il y manquerait {names}. Raccourcissez-en les textes."


def say_missing(missing: list[str], version: str = "") -> str:
    """Name what had to be left out; a page says so at its place in the document, which is then no version."""
    if not missing:
        return ""
    names = ", ".join(missing)
    kept = f" Il n’a pas été gardé comme « {version} »." if version else ""
    return (
        f"Ce document est incomplet : {names}. À cette place, une page dit pourquoi ; tout le reste est imprimé.{kept}"
    )


def note_progress(
    job: Job, clock: Callable[[], float] = time.monotonic, *, gives_way: bool = True
) -> Callable[[int, int], None]:
    """Make the listener that writes progress in the row, at most once a second and never quite to the end.

    Once its turn has lasted and something came of it, it leaves the worker to those who wait. A paper in one piece has
    no total, and never gives way: what it laid out would be lost.
    """
    start = last = clock()
    first: int | None = None

    def heard(done: int, total: int) -> None:
        nonlocal last, first
        first = done if first is None else first
        if (now := clock()) - last < BREATH:
            return
        last = now
        if not total:
            jobs.report(job, done=0, total=0, message=f"Mise en page : {counted(done, 'page')}")
            return
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
