"""Files kept in S3 (`S3_…` settings), as rooms expect them to be kept on a disk.

No file takes the place of another one, and a service that does not answer is told within seconds, as one fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog
from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from django.core.files import File
from storages.backends.s3 import S3Storage

from cooperation.files import FilesOutOfReach

log = structlog.get_logger(__name__)
MEGABYTE = 1024 * 1024
CLIENT = Config(
    connect_timeout=5,
    read_timeout=20,
    retries={"total_max_attempts": 2},
    # A sum of the content in the tail of each request is an extension of AWS that other services may refuse.
    request_checksum_calculation="when_required",
    response_checksum_validation="when_required",
)


@contextmanager
def reaching() -> Iterator[None]:
    """Tell whatever the service answers, or does not, as `FilesOutOfReach`; a file that is not there stays a
    `FileNotFoundError`."""
    try:
        yield
    except (BotoCoreError, Boto3Error, ClientError) as error:
        answer = error.response.get("Error", {}).get("Code") if isinstance(error, ClientError) else None
        log.warning("files_out_of_reach", error=answer or type(error).__name__)
        raise FilesOutOfReach from error


class DistantFiles(S3Storage):
    """The files of the installation, in its bucket."""

    def get_default_settings(self) -> dict[str, Any]:
        ours = {
            "file_overwrite": False,  # or a print would take the place of another one of the same name
            "client_config": CLIENT,
            "max_memory_size": 5 * MEGABYTE,  # what is longer is read from a temporary file
        }
        return super().get_default_settings() | ours

    def _open(self, name: str, mode: str = "rb") -> File:
        with reaching():
            file = super()._open(name, mode)
            return file.open()  # fetched now: a fault would come in the middle of the answer

    def _save(self, name: str, content: File) -> str:
        with reaching():
            return super()._save(name, content)

    def exists(self, name: str) -> bool:
        with reaching():
            return super().exists(name)

    def delete(self, name: str) -> None:
        with reaching():
            super().delete(name)
