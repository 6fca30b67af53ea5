"""What a printable paper says of itself; each room above writes its own, named in `settings.PRINTED_PAPERS`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.utils.module_loading import import_string

from cooperation.models import Job
from cooperation.printing import Document

if TYPE_CHECKING:
    from partners.people.models import User


@dataclass(frozen=True)
class Written:
    """A paper whose rows are read and whose pages are written, not laid out yet."""

    document: Document
    name: str  # of the file, without its ending
    in_one_piece: bool = False  # laid out whole, because its pages follow one another in the middle of a list
    is_folded: bool = False  # as a booklet
    keep: Callable[[bytes], object] | None = None  # what is done with a print that lacks nothing
    version: str = ""  # under which name it is kept


class Paper(ABC):
    """A document that somebody asks for. It is kept as plain values in a job, and read again from them."""

    kind: ClassVar[str]
    title: ClassVar[str]  # of the page that follows it
    is_shared: ClassVar[bool] = False  # followed and taken away by all to whom it is open, not by who asked alone
    may_lack_pages: ClassVar[bool] = False  # handed over although some could not be printed; a page says so

    @property
    @abstractmethod
    def intercommunality_id(self) -> int:
        """The EPCI whose paper it is."""

    @classmethod
    @abstractmethod
    def read(cls, intercommunality_id: int, order: Mapping[str, Any]) -> Paper | None:
        """Read it from what `order` said; nothing when what it tells of is gone."""

    @abstractmethod
    def order(self) -> dict[str, Any]:
        """Say it in plain values; two papers of one kind with the same values are the same."""

    @abstractmethod
    def is_open_to(self, user: User) -> bool:
        """Whether the person may read, today, all that it holds."""

    @abstractmethod
    def count(self, user: User, today: date) -> int:
        """How many projects are read to write it."""

    @abstractmethod
    def write(self, user: User, today: date) -> Written:
        """Read the rows and write the pages."""

    @property
    @abstractmethod
    def words(self) -> str:
        """What tells it from another, in one line."""

    @property
    @abstractmethod
    def home(self) -> str:
        """The address of the page where it is asked for."""

    @property
    def all_prints(self) -> str:
        """The words of the link that leads there."""
        return "Revenir à la page précédente"


def read_paper(job: Job) -> Paper | None:
    """The paper that a job was asked for; nothing when it can no longer be made."""
    kind: type[Paper] = import_string(settings.PRINTED_PAPERS[job.kind])
    return kind.read(job.intercommunality_id, job.order)
