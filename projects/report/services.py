"""Acts of the report: remember what was chosen, keep a version, print one sheet for a file."""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from cooperation.printing import (
    Printed,
    print_document,
    print_in_parts,
)
from cooperation.printing.process import SHEET
from partners.people.access import scope_of
from projects.models import PrintChoices, PrintVersion, Project, SubmissionDocument
from projects.report.choices import Choices, Format
from projects.report.content import Report
from projects.report.documents import project_document, report_document
from projects.report.versions import facts_of
from territories.models import Intercommunality

if TYPE_CHECKING:
    from partners.people.models import User


def remembered_choices(intercommunality: Intercommunality) -> Choices:
    """What the coordination chose last; everything, internally, when it never chose."""
    kept = PrintChoices.objects.filter(intercommunality=intercommunality).first()
    return Choices.read(kept.values) if kept else Choices()


@transaction.atomic
def remember_choices(*, by: User, intercommunality: Intercommunality, choices: Choices) -> None:
    """Keep what was chosen for the next time; a selection made in the list of projects is for once."""
    PrintChoices.objects.update_or_create(
        intercommunality=intercommunality,
        defaults={
            "values": replace(choices, query="", as_of="", version="", adopted_on="", adopted_by="").keep(),
            "changed_by": by,
        },
    )


def name_of(report: Report, intercommunality: Intercommunality) -> str:
    """Name the file after the EPCI, for whom it is, its paper and the day whose state it shows."""
    day = f"tel-qu-au-{report.as_of:%Y-%m-%d}" if report.as_of else f"{report.printed_on:%Y-%m-%d}"
    paper = {Format.A5: "-a5", Format.BOOKLET: "-livret"}.get(Format(report.choices.format), "")
    extract = "-extrait" if report.choices.is_partial else ""
    public = "-public" if report.is_public else ""  # one that is not must not leave by mistake
    return f"projet-de-territoire-{intercommunality.siren}-{day}{extract}{public}{paper}"


@transaction.atomic
def keep_version(content: bytes, *, by: User, intercommunality: Intercommunality, report: Report) -> PrintVersion:
    """Keep a print for good under the next number; an incomplete print is never a version."""
    Intercommunality.objects.select_for_update().get(pk=intercommunality.pk)  # numbers are given one at a time
    last = PrintVersion.objects.filter(intercommunality=intercommunality).aggregate(last=Max("number"))["last"] or 0
    choices = report.choices
    version = PrintVersion(
        intercommunality=intercommunality,
        number=last + 1,
        label=choices.version,
        adopted_on=dt.date.fromisoformat(choices.adopted_on) if choices.adopted_on else None,
        adopted_by=choices.adopted_by,
        choices=choices.keep(),
        facts=facts_of(report),
        digest=hashlib.sha256(content).hexdigest(),
        kept_by=by,
    )
    version.file.save(f"projet-de-territoire-v{version.number}.pdf", ContentFile(content), save=False)
    version.full_clean()
    version.save()
    return version


def may_print(user: User, intercommunality: Intercommunality) -> bool:
    return user.is_superuser or scope_of(user).may("print_report", intercommunality.pk)


def print_whole(report: Report) -> Printed:
    """Print the whole projet de territoire; what did not change since the last print is not laid out again."""
    return print_in_parts(report_document(report))


def print_project(project: Project, *, moment: str = "", today: dt.date | None = None) -> bytes:
    """Print the sheet of one project, as the file keeps it at each submission."""
    today = today or timezone.localdate()
    moment = moment or f"Fiche imprimée le {today:%d/%m/%Y}"
    return print_document(project_document(project, moment=moment, today=today), limits=SHEET)


def keep_submission(document: SubmissionDocument) -> None:
    """Print the sheet as it was submitted and keep it in the file with its hash; once kept, it is never replaced."""
    if document.file:
        return
    day = timezone.localdate(document.submitted_at)
    pdf = print_project(document.project, moment=f"Déposé le {day:%d/%m/%Y}", today=day)
    document.content_hash = hashlib.sha256(pdf).hexdigest()
    document.file.save(f"{document.project.reference}-{day:%Y-%m-%d}.pdf", ContentFile(pdf), save=False)
    document.save()
