"""Work of the report done by the worker."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from django_tasks import task

from cooperation.files import FilesOutOfReach
from projects.models import SubmissionDocument
from projects.report import services

AGAIN = timedelta(minutes=10)


@task(queue_name="printing")
def print_submission(pk: int) -> None:
    """Print the dated PDF that a submission leaves in the file; where files are out of reach, it is tried again."""
    document = SubmissionDocument.objects.select_related("project__intercommunality").get(pk=pk)
    try:
        services.keep_submission(document)
    except FilesOutOfReach:
        print_submission.using(run_after=timezone.now() + AGAIN).enqueue(pk)
