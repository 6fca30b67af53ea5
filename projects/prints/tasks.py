"""Work of the prints done by the worker."""

from __future__ import annotations

from django.conf import settings
from django_tasks import task

from cooperation import jobs
from projects.prints import services


@task(queue_name="printing")
def print_next() -> None:
    """Print the paper whose turn it is, of any kind, if one is still wanted."""
    if job := jobs.take_turn(settings.PRINTED_PAPERS):
        services.print_for(job)
