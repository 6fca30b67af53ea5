"""A print kept as a version stays, and two versions tell what changed between them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cooperation.printing import Printed, print_in_parts
from partners.models import Body, Role
from projects.models import Mandate, Orientation, PrintVersion, Status
from projects.prints import services as prints
from projects.report.choices import Choices
from projects.report.documents import changes_document
from projects.report.papers import TerritoryReport
from projects.report.services import keep_version
from projects.report.versions import OTHER_CHOICE, compare, compare_versions
from tests.projects.test_report_content import BLANK, epci, make_project, make_user  # noqa: F401

pytestmark = pytest.mark.django_db


def a_sheet(title: str, **facts: str) -> dict[str, str]:
    return {"title": title, "status": "Adopté", "cost": "100.00"} | facts


def test_what_came_left_and_changed_is_told_in_words_and_figures():
    before = {"sheets": {"P01": a_sheet("Un"), "P02": a_sheet("Deux"), "P03": a_sheet("Trois")}}
    after = {
        "sheets": {"P01": a_sheet("Un", cost="150.00", status="En cours"), "P03": a_sheet("Trois"), "P04": a_sheet("Q")}
    }
    told = compare(before, after)
    assert told.added == [("P04", "Q")]
    assert told.removed == [("P02", "Deux")]
    [sheet] = told.changed
    assert [(c.label, c.before, c.after) for c in sheet.changes] == [
        ("État", "Adopté", "En cours"),
        ("Coût", "100,00\xa0€", "150,00\xa0€"),
    ]
    assert told.figures[0] == ("Projets", "3", "3")
    assert told.figures[1][1:] == ("300\xa0€", "350\xa0€")


def test_what_an_older_version_did_not_keep_is_not_told_as_new():
    told = compare({"sheets": {"P01": a_sheet("Un")}}, {"sheets": {"P01": a_sheet("Un", need="Un constat")}})
    assert told.is_empty


def test_a_version_is_the_same_as_itself():
    facts = {"sheets": {"P01": a_sheet("Un")}}
    assert compare(facts, facts).is_empty


@pytest.fixture
def coordinator(epci):  # noqa: F811
    return make_user(epci, "coordination@x.example", Role.COORDINATOR)


@pytest.fixture
def quick_print(monkeypatch, tmp_path):
    path = tmp_path / "essai.pdf"
    path.write_bytes(b"%PDF-1.7 essai")
    monkeypatch.setattr(prints, "print_in_parts", lambda document, **options: Printed(path, 1))


def keep(epci, coordinator, name: str, **chosen) -> PrintVersion:  # noqa: F811
    choices = Choices(version=name, adopted_on="2026-06-25", adopted_by="délibération 2026-45", **chosen)
    prints.print_for(prints.request_print(by=coordinator, paper=TerritoryReport(epci, choices)))
    return PrintVersion.objects.first()


def test_a_named_print_is_kept_with_its_number_its_day_and_its_hash(epci, coordinator, quick_print):  # noqa: F811
    make_project(epci, "P01")
    version = keep(epci, coordinator, "Adopté")
    assert (version.number, version.label, str(version.adopted_on)) == (1, "Adopté", "2026-06-25")
    assert version.file.read() == b"%PDF-1.7 essai"
    assert len(version.digest) == 64
    assert list(version.facts["sheets"]) == ["P01"]
    assert keep(epci, coordinator, "Mis à jour").number == 2


def test_an_unnamed_or_incomplete_print_is_not_a_version(epci, coordinator, quick_print, monkeypatch):  # noqa: F811
    prints.print_for(prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices())))
    quick = prints.print_in_parts
    monkeypatch.setattr(prints, "print_in_parts", lambda d, **o: Printed(quick(d).path, 1, missing=["la fiche P01"]))
    prints.print_for(prints.request_print(by=coordinator, paper=TerritoryReport(epci, Choices(version="Incomplet"))))
    assert not PrintVersion.objects.exists()


def test_the_page_tells_what_changed_and_hands_the_files_over(client, epci, coordinator, quick_print):  # noqa: F811
    project = make_project(epci, "P01")
    keep(epci, coordinator, "Adopté")
    project.title, project.status = "Tout autre titre", Status.IN_PROGRESS
    project.save()
    keep(epci, coordinator, "Mis à jour")
    client.force_login(coordinator)
    page = client.get(reverse("projects:versions")).content.decode()
    assert "<del>Projet P01</del>" in page
    assert "<ins>Tout autre titre</ins>" in page
    assert (
        "Choisissez deux versions différentes"
        in client.get(reverse("projects:versions") + "?de=1&a=1").content.decode()
    )
    answer = client.get(reverse("projects:version_download", args=[1]))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")
    assert client.get(reverse("projects:version_download", args=[9])).status_code == 404


@pytest.mark.parametrize(
    ("chosen", "cautious"),
    [({}, False), ({"format": "a5", "chapters": ("sheets",)}, False), ({"states": ("adopted",)}, True),
     ({"audience": "public"}, True)],
)  # fmt: skip
def test_versions_of_other_projects_or_readers_are_compared_with_a_caution(
    client,
    epci,  # noqa: F811
    coordinator,
    quick_print,
    chosen,
    cautious,
):
    """A project that was not chosen has not left the plan; the paper and the chapters change nothing of it."""
    for reference, status in (("P01", Status.ADOPTED), ("P02", Status.SUBMITTED)):
        make_project(epci, reference, status)
    before, after = keep(epci, coordinator, "Entière"), keep(epci, coordinator, "Choisie", **chosen)
    client.force_login(coordinator)
    said = OTHER_CHOICE.partition(" : ")[0]
    assert (said in client.get(reverse("projects:versions")).content.decode()) is cautious
    document = changes_document(before, after, compare_versions(before, after))
    assert (said in document.parts[0].html) is cautious


def test_the_table_of_versions_says_which_is_an_extract_and_of_which_day(client, epci, coordinator, quick_print):  # noqa: F811
    make_project(epci, "P01")
    mandate = Mandate.objects.create(
        intercommunality=epci, name="Mandat", starts_on=date(2026, 4, 1), ends_on=date(2032, 3, 31)
    )
    orientation = Orientation.objects.create(intercommunality=epci, mandate=mandate, code="O1", title="Grandir")
    body = Body.objects.create(intercommunality=epci, kind="bureau", name="Bureau", power="deciding")
    commune = epci.communes.get()
    several = (
        Choices(version="Tout"),
        Choices(version="Une orientation", orientation=orientation.pk, as_of="2025-12-31"),
        Choices(version="Une commune", commune=commune.pk, audience="public"),
        Choices(version="Une instance", body=body.pk, states=("adopted", "in_progress")),
        Choices(version="Une liste", query="q=bus"),
    )
    for choices in several:
        keep_version(by=coordinator, intercommunality=epci, report=replace(BLANK, choices=choices), content=b"%PDF")
    client.force_login(coordinator)
    page = unescape(client.get(reverse("projects:versions")).content.decode()).replace("\xa0", " ")
    for told in (
        "Tout le projet de territoire, document interne",
        "Extrait : orientation O1 Grandir, document interne ; tel qu’au 31/12/2025",
        "Extrait : commune d’Orvelle, document public",
        "Extrait : projets examinés par : Bureau, projets dans l’état « Adopté » ou « En cours », document interne",
        "Extrait : projets filtrés dans la liste, document interne",
    ):
        assert f"<td>{told}</td>" in page.replace("\u202f", " "), told
    orientation.delete()
    again = client.get(reverse("projects:versions")).content.decode()
    assert "orientation qui n’existe plus" in again


def test_what_versions_hold_is_read_in_as_many_queries_for_two_as_for_six(client, epci, coordinator):  # noqa: F811
    commune = epci.communes.get()

    def count() -> int:
        choices = Choices(version="Extrait", commune=commune.pk)
        for _ in range(2):
            keep_version(by=coordinator, intercommunality=epci, report=replace(BLANK, choices=choices), content=b"%PDF")
        with CaptureQueriesContext(connection) as queries:
            assert client.get(reverse("projects:versions")).status_code == 200
        return len(queries)

    client.force_login(coordinator)
    count()  # what is kept once warm
    assert count() == count()


def test_the_supplement_is_accessible(epci, coordinator):  # noqa: F811
    page = pytest.importorskip("page")
    versions = [
        PrintVersion.objects.create(
            intercommunality=epci,
            number=number,
            label=f"V{number}",
            facts={"sheets": {"P01": a_sheet("Un", cost=str(Decimal(number)))}},
            file=f"versions/v{number}.pdf",
            digest="0" * 64,
        )
        for number in (1, 2)
    ]
    pdf = print_in_parts(changes_document(*versions, compare(*(version.facts for version in versions)))).content
    report = page.validate_pdf_bytes(pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
