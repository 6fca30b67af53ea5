"""Work of the report done by the worker."""

from __future__ import annotations

from django_tasks import task

from cooperation.models import Job
from projects.models import SubmissionDocument
from projects.report import services


@task(queue_name="printing")
def print_report(pk: int) -> None:
    """Print the document asked for by the job, unless it was closed meanwhile."""
    job = Job.objects.select_related("requested_by").get(pk=pk)
    if not job.is_over:
        services.print_for(job)


@task(queue_name="printing")
def print_submission(pk: int) -> None:
    """Print the dated PDF that a submission leaves in the file."""
    document = SubmissionDocument.objects.select_related("project__intercommunality").get(pk=pk)
    services.keep_submission(document)
