"""The life of a background job: started, reported upon, finished, or swept when its worker died.

The queue itself is django-tasks; it has neither progress nor heartbeat, so both are kept in our own row.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.utils import timezone

from cooperation.models import Job

SILENCE = timedelta(minutes=10)  # a worker that said nothing for so long is dead
INTERRUPTED = "Le travail a été interrompu avant la fin. Rien n’est perdu : relancez-le."


def start(job: Job, *, total: int = 0, message: str = "") -> None:
    report(job, done=0, total=total, message=message)


def report(job: Job, *, done: int, total: int | None = None, message: str = "") -> None:
    """Say how far the job got; it is also its sign of life."""
    job.state, job.done, job.heartbeat_at = Job.State.RUNNING, done, timezone.now()
    job.total = job.total if total is None else total
    job.message = message[:300]
    job.save(update_fields=["state", "done", "total", "message", "heartbeat_at"])


def finish(job: Job, *, name: str, content: bytes, message: str = "") -> None:
    """Keep the result and close the job."""
    job.result.save(name, ContentFile(content), save=False)
    _close(job, Job.State.DONE, message)


def fail(job: Job, *, message: str) -> None:
    """Close the job with the French sentence that says what went wrong."""
    _close(job, Job.State.FAILED, message)


def sweep(now: datetime) -> int:
    """Close the jobs whose worker gave no sign of life; returns how many."""
    lost = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=now - SILENCE)
    for job in (jobs := list(lost)):
        fail(job, message=INTERRUPTED)
    return len(jobs)


def _close(job: Job, state: str, message: str) -> None:
    job.state, job.message, job.finished_at = state, message[:300], timezone.now()
    job.done = job.total if state == Job.State.DONE else job.done
    job.save()
