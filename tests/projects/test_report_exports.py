"""What the list shows, taken away as a file: what the person sees, and nothing else."""

from __future__ import annotations

import io
import json

import odfdo
import openpyxl
import pytest
from django.urls import reverse

from partners.models import Role, User
from projects.models import FundingLine, Project, Status
from projects.report.tables import OPEN_SCHEMA, read_tables
from tests.projects.test_report_content import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client, demo_territory):
    user = User.objects.get(email="dgs@ccvo.example")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return user


def workbook(answer):
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    return openpyxl.load_workbook(io.BytesIO(answer.content))


def test_the_workbook_says_what_the_list_shows_with_its_filters(client, coordinator):
    book = workbook(client.get(reverse("projects:export", args=["xlsx"]) + "?etat=adopted"))
    rows = list(book["Projets"].iter_rows(min_row=2, values_only=True))
    assert {row[0] for row in rows} == set(
        Project.objects.filter(status=Status.ADOPTED).values_list("reference", flat=True)
    )
    money = [row[4] for row in book["Financement"].iter_rows(min_row=2, values_only=True)]
    lines = FundingLine.objects.filter(plan__is_current=True, plan__project__status=Status.ADOPTED)
    assert sum(money) == sum(float(line.amount) for line in lines)
    dates = [row[5] for row in rows if row[5]]
    assert all(hasattr(date, "year") for date in dates)


def test_the_number_of_queries_does_not_grow_with_the_projects(demo_territory, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for size in (3, 30):
        keys = list(Project.objects.order_by("reference").values_list("pk", flat=True)[:size])
        with CaptureQueriesContext(connection) as seen:
            read_tables(Project.objects.filter(pk__in=keys))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_nobody_takes_away_what_they_do_not_see(client, demo_territory):
    elsewhere = make_user(demo_territory, "agent2@x.example", Role.AGENT)
    client.force_login(elsewhere)
    book = workbook(client.get(reverse("projects:export", args=["xlsx"])))
    shown = {row[0] for row in book["Projets"].iter_rows(min_row=2, values_only=True)}
    assert shown == set(Project.objects.visible_to(elsewhere).values_list("reference", flat=True))
    assert shown != set(Project.objects.values_list("reference", flat=True))


@pytest.mark.parametrize(("kind", "beginning"), [("ods", b"PK"), ("csv", "\ufeffRéférence;Titre".encode())])
def test_the_other_forms(client, coordinator, kind, beginning):
    answer = client.get(reverse("projects:export", args=[kind]))
    assert answer.content.startswith(beginning)
    assert client.get(reverse("projects:export", args=["exe"])).status_code == 404


def test_open_data_follow_the_schema_hold_adopted_projects_only_and_name_nobody(client, coordinator):
    data = json.loads(client.get(reverse("projects:export", args=["json"])).content)["projets"]
    assert data
    for row in data:
        assert tuple(row) == OPEN_SCHEMA
        assert row["phase"] in {"Idée", "Étude", "Opération"}
        assert row["phaseStatut"] in {"En cours", "En retard", "En pause", "Bloqué", "Abandonné", "Terminé"}
        assert not [name for name in row if name.startswith("porteur") and row[name]]
        assert row["budgetPrevisionnel"] is None or isinstance(row["budgetPrevisionnel"], int)
        assert row["createdAt"].endswith("Z")
    references = {row["id"].partition("-")[2] for row in data}
    assert references <= set(
        Project.objects.filter(
            status__in=[Status.ADOPTED, Status.IN_PROGRESS, Status.SUSPENDED, Status.COMPLETED, Status.EVALUATED]
        ).values_list("reference", flat=True)
    )


def test_the_sheet_of_one_project_goes_on_in_a_word_processor(client, coordinator):
    project = Project.objects.get(reference="P23")
    answer = client.get(reverse("projects:project_file", args=[project.pk, "odt"]))
    text = odfdo.Document(io.BytesIO(answer.content)).get_formatted_text()
    assert project.shared_objective in text
    assert "Le financement" in text


def test_the_sheet_of_one_project_prints_alone(client, coordinator):
    page = pytest.importorskip("page")
    project = Project.objects.get(reference="P23")
    answer = client.get(reverse("projects:project_file", args=[project.pk, "pdf"]))
    assert answer["Content-Type"] == "application/pdf"
    assert page.validate_pdf_bytes(answer.content).rules.failed == 0
