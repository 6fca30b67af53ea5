"""Work of the report done by the worker."""

from __future__ import annotations

from django_tasks import task

from projects.models import SubmissionDocument
from projects.report import services


@task(queue_name="printing")
def print_submission(pk: int) -> None:
    """Print the dated PDF that a submission leaves in the file."""
    document = SubmissionDocument.objects.select_related("project__intercommunality").get(pk=pk)
    services.keep_submission(document)
