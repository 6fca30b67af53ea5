"""A word that exists nowhere else, in every text of every row of the demo: which of them reach a public print.

The list is closed. A field that is read for the document from now on fails here until somebody has said that
everybody may read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.apps import apps
from django.db import DatabaseError, models, transaction
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Concat

from projects.models import Project, Status
from projects.report.choices import Audience
from projects.report.content import gather_sheet
from projects.report.documents import write
from projects.report.letters import sheet_to_odt
from projects.report.open_data import open_data
from territories.models import Answer, Consultation, Intercommunality, SharedService
from tests.projects.test_report_choices import TODAY, read, words_of

pytestmark = pytest.mark.django_db
HOUSES = ("territories", "partners", "projects")
CANARY = re.compile(r"zq(\d{4})")
# What everybody reads of adopted projects, by kind of row.
PUBLIC = {
    "Actor": "name",
    "Body": "name",
    "Commune": "name",
    "CommunityInterest": "text",
    "Competence": "label",
    "Consultation": "title",
    "ElectedMember": "full_name",
    "FundingLine": "funder state",
    "Indicator": "condition name unit",
    "Intercommunality": "name",
    "Interest": "gains gives text",
    "Mandate": "source",
    "Milestone": "label",
    "OperatingLine": "label state",
    "Orientation": "description title",
    "OrientationFit": "note",
    "Partner": "name",
    "PoolingScheme": "title",
    "Project": "beneficiaries communes_text competence_text need no_competence_reason origin_text owner_name "
    "reference service shared_objective title",
    "SealChain": "head",
    "SharedService": "name",
    "StrategyNode": "code description title",
    "Survey": "audience service silent title",
    "TerritorialPlan": "foreword title",
    "Verbatim": "text",
}
# What the élus, the services and the partners read besides.
INTERNAL = {
    "Contribution": "organisation public service text",
    "CourseStep": "text",
    "FinancialPact": "title",
    "Interest": "fears",
    "Measurement": "note",
    "Meeting": "label place",
    "Project": "lead_officer remark",
    "Relay": "full_name function",
}


def texts_of(model: type[models.Model]) -> Iterator[models.Field]:
    """The fields where somebody writes: neither choices, nor files, nor what another field points at."""
    for field in model._meta.concrete_fields:
        is_text = isinstance(field, models.CharField | models.TextField) and not isinstance(field, models.FileField)
        if is_text and not field.choices and not field.primary_key:
            yield field


def release_canaries() -> dict[int, str]:
    """Write one in each, with the key of its row; say which is where. What the database refuses is left as it is."""
    released = {}
    for model in apps.get_models():
        if model._meta.app_label not in HOUSES or model.__name__.startswith("Historical"):
            continue
        for field in texts_of(model):
            number = len(released)
            if field.max_length and field.max_length < 14:
                continue
            canary = Concat(Value(f"zq{number:04d}k"), Cast(F("pk"), CharField()), output_field=CharField())
            try:
                with transaction.atomic():
                    if model._base_manager.update(**{field.name: canary}):
                        released[number] = f"{model.__name__}.{field.name}"
            except DatabaseError:
                continue
    return released


def named(fields: dict[str, str]) -> set[str]:
    return {f"{model}.{field}" for model, names in fields.items() for field in names.split()}


@pytest.fixture
def seen_in(demo_territory):
    """Release the canaries, and tell which fields a text gives away."""
    released = release_canaries()
    return lambda text: {released[number] for number in map(int, CANARY.findall(text)) if number in released}


def test_a_public_document_gives_away_the_fields_of_the_list_and_no_other(demo_territory, seen_in):
    epci = Intercommunality.objects.get()
    public, internal = seen_in(words_of(read(epci, audience=Audience.PUBLIC))), seen_in(words_of(read(epci)))
    assert public == named(PUBLIC)
    assert internal - public == named(INTERNAL)  # the control: what is internal would be seen


def test_one_project_taken_away_and_open_data_give_away_no_more(demo_territory, seen_in):
    project = Project.objects.filter(status=Status.ADOPTED, contributions__isnull=False).first()
    texts = {}
    for public in (True, False):
        sheet = gather_sheet(project, today=TODAY, public=public)
        with ZipFile(BytesIO(sheet_to_odt(sheet, name="Nous", today=TODAY))) as odt:
            texts[public] = write("sheet", sheet=sheet) + odt.read("content.xml").decode()
    assert seen_in(texts[True]) <= named(PUBLIC)
    assert seen_in(texts[False]) & named(INTERNAL)
    published = b"".join(open_data(Project.objects.all(), demo_territory)).decode()
    assert {"Project.title", "Project.shared_objective"} <= seen_in(published) <= named(PUBLIC)


def test_what_is_only_planned_or_about_to_be_asked_is_not_for_everybody(demo_territory):
    SharedService.objects.filter(name__contains="informatique").update(status=SharedService.Status.PLANNED)
    Consultation.objects.filter(title__startswith="Transfert").update(accepted=None, closed_on=None)
    Answer.objects.filter(consultation__title__startswith="Transfert").update(notified_on=None)
    public, internal = read(demo_territory, audience=Audience.PUBLIC), read(demo_territory)
    for text in ("informatique", "guichet familles", "Pacte financier et fiscal"):
        assert not any(text in name for name, _ in public.levers)
        assert any(text in name for name, _ in internal.levers)
    assert ("Transfert de l’eau potable", "en préparation") in internal.built.consultations
    assert "Transfert de l’eau potable" not in dict(public.built.consultations)
