"""The adopted projects as open data: the national schema, and what is known of owners, places and dates; no more."""

from __future__ import annotations

import csv
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from stdnum.fr import siret

from partners.models import Partner, User
from projects.models import Project, Status
from projects.register.scdl import faults_of
from projects.report.collectivities import COLUMNS as COLLECTIVITY
from projects.report.collectivities import HOMEPAGE
from projects.report.open_data import COLUMNS, SCHEMA, open_data
from tests.factories import make_actor, make_commune, make_epci, make_milestone, make_partner, make_project

pytestmark = pytest.mark.django_db


@pytest.fixture
def coordinator(client, demo_territory):
    user = User.objects.get(email="dgs@ccvo.example")
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    return user


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
    assert not [name for row in data for name in row if name.startswith("porteurReferent") and row[name]]
    assert all(row["budgetPrevisionnel"] is None or type(row["budgetPrevisionnel"]) is int for row in data)
    assert any(row["budgetPrevisionnel"] for row in data)
    known = {one["id"]: one for one in said["collectivites"]}
    assert {key for row in data for key in row["collectiviteIds"]} == set(known)
    assert {one["type"] for one in known.values()} == {"EPCI", "Commune", "Département", "Région"}
    assert {"249600016", "219600012"} <= {one["siren"] for one in known.values()}
    assert all(one["codeRegions"] == ["96"] for one in known.values())
    assert {"24960001600011", "21960001200013"} <= {row["porteurCodeSiret"] for row in data}
    assert said == json.loads(client.get(reverse("projects:export", args=["json"])).getvalue())  # the same identifiers


def test_our_schema_asks_what_the_national_one_asks(shared_data):
    """Names, types, forms and constraints; ours leaves their descriptions out."""
    national = json.loads((shared_data / "plans_action" / "projets_territoire_schema.json").read_text())
    assert (SCHEMA["version"], SCHEMA["homepage"]) == (national["version"], HOMEPAGE)
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


def establishment(siren: str) -> str:
    """The first SIRET of this SIREN whose key is right."""
    return next(number for n in range(1000) if siret.is_valid(number := f"{siren}{n:05d}"))


class World:
    def __init__(self):
        self.epci = make_epci(1)
        self.epci.siret = establishment(self.epci.siren)
        self.epci.save()
        self.near = make_commune(self.epci, "Saint-Élix", siret=establishment("219600012"), region_code="53")
        self.far = make_commune(self.epci, "Bréauval", region_code="24")
        type(self.far).objects.filter(pk=self.far.pk).update(department_code="41")

    def project(self, **fields):
        return make_project(self.epci, status=Status.ADOPTED, actors=0, **fields)

    def partner(self, name, kind, **fields):
        partner = make_partner(self.epci, name)
        for field, value in {"kind": kind, **fields}.items():
            setattr(partner, field, value)
        partner.save()
        return partner

    def told(self):
        said = json.loads(b"".join(open_data(Project.objects.of(self.epci), self.epci)))
        assert faults_of(SCHEMA, COLUMNS, map(as_cells, said["projets"])) == []
        return said

    def told_of(self, project):
        return next(row for row in self.told()["projets"] if row["nom"] == project.title)


@pytest.fixture
def world():
    return World()


def test_an_epci_is_told_with_the_departments_and_regions_of_its_communes(world):
    project = world.project(title="Halle")
    project.communes.set([world.near, world.far])
    epci, *communes = world.told()["collectivites"]
    assert (epci["type"], epci["codeDepartements"], epci["codeRegions"]) == ("EPCI", ["35", "41"], ["24", "53"])
    assert {(one["nom"], *one["codeDepartements"], *one["codeRegions"]) for one in communes} == {
        ("Saint-Élix", "35", "53"),
        ("Bréauval", "41", "24"),
    }


def test_a_department_that_takes_part_is_told_with_its_siren_and_no_code_is_guessed(world):
    """The territory lies in two departments: which of them it is, nobody has written."""
    project = world.project(title="Halle")
    number = establishment("226900017")
    for name, kind, fields in (
        ("Le département", Partner.Kind.DEPARTMENT, {"siret": number}),
        ("La région", Partner.Kind.REGION, {}),
        ("La CAF", Partner.Kind.PUBLIC_BODY, {"siret": establishment("130007107")}),
    ):
        make_actor(project, name, partner=world.partner(name, kind, **fields))
    rows = {one["nom"]: one for one in world.told()["collectivites"]}
    assert set(rows) == {world.epci.name, "Le département", "La région"}
    assert (rows["Le département"]["siren"], rows["Le département"]["codeDepartements"]) == ("226900017", [])
    assert (rows["La région"]["siren"], rows["La région"]["codeRegions"]) == (None, [])
    cited = world.told_of(project)["collectiviteIds"]
    assert cited == [rows[name]["id"] for name in (world.epci.name, "Le département", "La région")]
    type(world.far).objects.filter(pk=world.far.pk).update(department_code="35", region_code="53")
    rows = {one["nom"]: one for one in world.told()["collectivites"]}
    assert (rows["Le département"]["codeDepartements"], rows["La région"]["codeRegions"]) == (["35"], ["53"])
    assert rows["La région"]["codeDepartements"] == []  # it holds others


def test_the_collectivites_have_the_columns_of_the_national_example(world, shared_data):
    world.project(title="Halle")
    with (shared_data / "plans_action" / "collectivites_exemple.csv").open(encoding="utf-8", newline="") as file:
        example = list(csv.DictReader(file))
    assert tuple(example[0]) == COLLECTIVITY
    rows = world.told()["collectivites"]
    assert all(tuple(row) == COLLECTIVITY for row in rows)
    assert all(row[name] for row in rows for name in ("id", "nom", "type", "createdAt", "updatedAt"))
    assert {"EPCI", "Commune", "Région", "Département"} == {row["type"] for row in example}


@pytest.mark.parametrize(
    ("kind", "name", "known"),
    [
        ("epci", "La CC (budget annexe)", "the EPCI"),
        ("commune", "Commune de Saint-Elix", "the commune"),
        ("commune", "Bréauval", None),  # in the referential, which does not know its town hall
        ("commune", "Ailleurs", None),
        ("public", "CCAS de l’Orvelle (chef de file)", "the partner"),
        ("partner", "Le CCAS", None),  # no organisation of this name
        ("", "", None),
    ],
)
def test_the_siret_of_the_owner_is_told_where_it_is_known(world, kind, name, known):
    partner = world.partner("CCAS de l'Orvelle", Partner.Kind.CCAS, siret=establishment("269600011"))
    project = world.project(title="Halle", owner_kind=kind, owner_name=name)
    numbers = {"the EPCI": world.epci.siret, "the commune": world.near.siret, "the partner": partner.siret, None: None}
    assert world.told_of(project)["porteurCodeSiret"] == numbers[known]


def test_a_project_begins_with_its_first_stage_and_its_own_date_counts_without_any(world):
    project = world.project(title="Halle", starts_on=date(2026, 1, 5))
    assert world.told_of(project)["dateDebutPrevisionnelle"] == "2026-01-05"
    make_milestone(project, planned_start=date(2027, 3, 1), planned_end=date(2027, 9, 30))
    began = {"planned_start": date(2026, 9, 1), "actual_start": date(2026, 10, 12), "planned_end": date(2026, 12, 1)}
    make_milestone(project, label="Études", **began)
    assert world.told_of(project)["dateDebutPrevisionnelle"] == "2026-10-12"


def test_telling_more_projects_asks_for_nothing_more(world):
    counts = []
    for size in (2, 5):
        for n in range(size):
            project = world.project(title=f"Projet {size}.{n}", owner_kind="commune", owner_name="Bréauval")
            project.communes.set([world.near])
            make_actor(project, "Le département", partner=world.partner(f"D{size}.{n}", Partner.Kind.DEPARTMENT))
        with CaptureQueriesContext(connection) as seen:
            world.told()
        counts.append(len(seen))
    assert counts[0] == counts[1]
