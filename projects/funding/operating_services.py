"""The act of telling apart the years of running that are not ordinary."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db import transaction

from projects.funding.operating_models import OperatingLine, OperatingYear
from projects.funding.services import may_write_money
from projects.funding.year_services import Amounts, write_line
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User


@transaction.atomic
def write_operating_years(*, project: Project, amounts: Mapping[OperatingLine, Amounts], by: User) -> None:
    """Write what each line is worth in the years told apart; the others stay ordinary years."""
    if not may_write_money(by, project):
        raise PermissionDenied("Votre rôle ne permet pas de modifier le fonctionnement de ce projet.")
    for line, years in amounts.items():
        write_line(line, years, OperatingYear)
