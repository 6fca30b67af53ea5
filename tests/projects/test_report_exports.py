"""What the list shows, taken away as a file: what the person sees, and nothing else."""

from __future__ import annotations

import io

import odfdo
import openpyxl
import pytest
from django.urls import reverse
from django.utils import timezone

from cooperation.spreadsheets import read_cells
from partners.models import Role, User
from projects.models import AgendaItem, Decision, FundingLine, Outcome, Project, Publication, Session, Status
from projects.report.content import gather_sheet
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
