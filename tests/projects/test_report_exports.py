"""What the list shows, taken away as a file: what the person sees, and nothing else."""

from __future__ import annotations

import csv
import io
import json

import odfdo
import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation.spreadsheets import read_cells
from partners.models import Role, User
from projects.models import AgendaItem, Decision, FundingLine, Outcome, Project, Publication, Session, Status
from projects.register.scdl import faults_of
from projects.report.content import gather_sheet
from projects.report.open_data import COLUMNS, SCHEMA
from projects.report.tables import read_tables
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


def test_the_three_spreadsheets_say_the_same_and_are_read_back(client, coordinator, tmp_path):
    """With a filter, by the reader of our own imports: every cell of the first table."""
    read = {}
    for kind in ("xlsx", "ods", "csv"):
        path = tmp_path / f"projets.{kind}"
        path.write_bytes(client.get(reverse("projects:export", args=[kind]) + "?etat=in_progress").getvalue())
        read[kind] = [cells for _, cells in read_cells(path, None if kind == "csv" else "Projets")]
    references = [row[0] for row in read["csv"][1:]]
    in_progress = Project.objects.filter(status=Status.IN_PROGRESS)
    assert references == sorted(in_progress.values_list("reference", flat=True))
    assert [[row[0], row[1], row[3]] for row in read["xlsx"]] == [[row[0], row[1], row[3]] for row in read["ods"]]
    assert [[row[0], row[1], row[3]] for row in read["xlsx"]] == [[row[0], row[1], row[3]] for row in read["csv"]]
    for row, project in zip(read["xlsx"][1:], in_progress.order_by("reference"), strict=True):
        assert (row[1], row[3]) == (project.title, project.shared_objective)


def test_a_decision_that_is_not_published_is_in_no_file(client, coordinator):
    project = Project.objects.get(reference="P03")
    body = Session.objects.first().body
    words = {"intercommunality": project.intercommunality}
    session = Session.objects.create(**words, body=body, held_on=timezone.localdate())
    item = AgendaItem.objects.create(**words, session=session, project=project)
    Decision.objects.create(**words, item=item, outcome=Outcome.REJECTED, votes_for=17, proclaimed_at=timezone.now())

    def told():
        book = workbook(client.get(reverse("projects:export", args=["xlsx"])))
        return [row[3] for row in book["Décisions"].iter_rows(min_row=2, values_only=True) if row[0] == "P03"]

    before = told()
    assert Outcome.REJECTED.label not in before
    Publication.objects.create(**words, session=session, published_at=timezone.now())
    assert told() == [*before, Outcome.REJECTED.label]


@pytest.mark.parametrize(("kind", "beginning"), [("ods", b"PK"), ("csv", "\ufeffRéférence;Titre".encode())])
def test_the_other_forms(client, coordinator, kind, beginning):
    answer = client.get(reverse("projects:export", args=[kind]))
    assert answer.getvalue().startswith(beginning)
    assert client.get(reverse("projects:export", args=["exe"])).status_code == 404


def as_cells(row) -> dict[str, str]:
    """A row as the schema reads it: text, with lists written in JSON."""
    return {
        name: "" if value is None else json.dumps(value) if isinstance(value, list) else str(value)
        for name, value in row.items()
    }


def test_open_data_follow_the_schema_hold_adopted_projects_only_and_name_nobody(client, coordinator):
    said = json.loads(client.get(reverse("projects:export", args=["json"])).getvalue())
    data = said["projets"]
    assert {row["nom"] for row in data} == set(
        Project.objects.filter(
            status__in=[Status.ADOPTED, Status.IN_PROGRESS, Status.SUSPENDED, Status.COMPLETED, Status.EVALUATED]
        ).values_list("title", flat=True)
    )
    assert all(tuple(row) == COLUMNS for row in data)
    assert faults_of(SCHEMA, COLUMNS, map(as_cells, data)) == []
    assert len({row["id"] for row in data}) == len(data)
    assert not [name for row in data for name in row if name.startswith("porteur") and row[name]]
    assert all(row["budgetPrevisionnel"] is None or type(row["budgetPrevisionnel"]) is int for row in data)
    assert any(row["budgetPrevisionnel"] for row in data)
    known = {one["id"]: one["siren"] or one["codeInsee"] for one in said["collectivites"]}
    assert {key for row in data for key in row["collectiviteIds"]} == set(known)
    assert "249600016" in known.values()
    assert said == json.loads(client.get(reverse("projects:export", args=["json"])).getvalue())  # the same identifiers


def test_our_schema_asks_what_the_national_one_asks(shared_data):
    """Names, types, forms and constraints; ours leaves their descriptions out."""
    national = json.loads((shared_data / "plans_action" / "projets_territoire_schema.json").read_text())
    assert SCHEMA["version"] == national["version"]
    asked = ("name", "type", "format", "constraints", "items")
    assert SCHEMA["fields"] == [{name: field[name] for name in asked if name in field} for field in national["fields"]]
    with (shared_data / "plans_action" / "projets_territoire_exemple.csv").open(encoding="utf-8", newline="") as file:
        example = list(csv.DictReader(file))
    assert faults_of(SCHEMA, tuple(example[0]), example) == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "249600016-P02"}, "UUID"),
        ({"updatedAt": "2026-10-05"}, "forme attendue"),
        ({"nom": None}, "obligatoire"),
        ({"phase": "Adopté"}, "valeurs prévues"),
        ({"budgetPrevisionnel": "12,5"}, "nombre entier"),
        ({"competences": "90-21"}, "liste"),
        ({"collectiviteIds": ["249600016"]}, "UUID"),
        ({"porteurReferentEmail": "mairie"}, "adresse électronique"),
    ],
)
def test_each_rule_of_the_open_schema_refuses_the_fault_it_is_for(change, words):
    key, moment = "01890e30-5a80-7c22-9842-8263d0d0d890", "2026-10-05T10:00:00Z"
    row = dict.fromkeys(COLUMNS) | {"id": key, "createdAt": moment, "updatedAt": moment, "nom": "Halle"}
    assert faults_of(SCHEMA, COLUMNS, [as_cells(row)]) == []
    [fault] = faults_of(SCHEMA, COLUMNS, [as_cells(row | change)])
    assert words in fault.sentence


def test_the_sheet_of_one_project_goes_on_in_a_word_processor(client, coordinator):
    """With all that the printed one says of it."""
    project = Project.objects.get(reference="P23")
    project.actors.first().interests.update(gains="du calme", gives="un terrain", fears="le bruit")
    answer = client.get(reverse("projects:project_file", args=[project.pk, "odt"]))
    text = " ".join(odfdo.Document(io.BytesIO(answer.content)).get_formatted_text().split())
    sheet = gather_sheet(project, today=timezone.localdate())
    said = [sheet.shared_objective, sheet.need, sheet.funding.rule, sheet.funding.yearly]
    said += [one.text for one in sheet.testimonies] + [one.sentence for one in sheet.effects]
    said += [one.label for one in sheet.timeline.points] + [one.votes for one in sheet.decisions]
    said += [word for one in sheet.actors for word in (one.name, one.relay) if word] + ["à trouver"]
    said += [word for one in sheet.interests for word in (one.text, one.gains, one.gives, one.fears)]
    assert [word for word in said if " ".join(word.split()) not in text] == []


def test_the_sheet_of_one_project_prints_alone(client, coordinator):
    page = pytest.importorskip("page")
    project = Project.objects.get(reference="P23")
    answer = client.get(reverse("projects:project_file", args=[project.pk, "pdf"]))
    assert answer["Content-Type"] == "application/pdf"
    assert page.validate_pdf_bytes(answer.content).rules.failed == 0
