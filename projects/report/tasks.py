"""Work of the report done by the worker."""

from __future__ import annotations

from django_tasks import task

from cooperation.models import Job
from projects.report import services


@task(queue_name="printing")
def print_report(pk: int) -> None:
    """Print the document asked for by the job, unless it was closed meanwhile."""
    job = Job.objects.select_related("requested_by").get(pk=pk)
    if not job.is_over:
        services.print_for(job)
