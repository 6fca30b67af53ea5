"""The register lists every decision with its seal; the open data follow the national schema to the letter."""

import csv
import io
import json
from datetime import date

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cooperation.spreadsheets import SpreadsheetError
from partners.governance.models import Body
from partners.people.models import User
from projects.models import ActFiling
from projects.register import scdl, services
from projects.register.matters import MATTERS, rank_of
from projects.register.reading import read_deliberations
from territories.models import Intercommunality

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
SIRET = "24960001600011"
ROW = {
    "COLL_NOM": "CC", "COLL_SIRET": SIRET, "DELIB_ID": "1", "DELIB_DATE": "2026-09-24", "DELIB_MATIERE_CODE": "7.10",
    "DELIB_MATIERE_NOM": "finances locales/divers", "DELIB_OBJET": "Objet", "BUDGET_ANNEE": "2026/2027",
    "BUDGET_NOM": "Principal", "PREF_ID": "PREF096", "PREF_DATE": "2026-09-28", "VOTE_EFFECTIF": "48",
    "VOTE_REEL": "44", "VOTE_POUR": "34", "VOTE_CONTRE": "8", "VOTE_ABSTENTION": "2",
    "DELIB_URL": "https://x.example/1",
}  # fmt: skip


@pytest.fixture
def schema(shared_data):
    return json.loads((shared_data / "scdl" / "schema_deliberations.json").read_text())


@pytest.fixture
def reader(client, demo_territory):
    client.force_login(User.objects.get(email="assemblees@ccvo.example"), BACKEND)
    return client


def test_the_columns_are_those_of_the_official_schema(schema):
    assert list(scdl.COLUMNS) == [field["name"] for field in schema["fields"]]
    assert schema["version"] == scdl.VERSION
    assert scdl.unknown_checks(schema) == []


def test_the_export_of_the_demo_is_valid_against_the_official_schema(reader, schema):
    answer = reader.get(reverse("projects:scdl"), {"siret": SIRET})
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    lines = list(csv.reader(io.StringIO(answer.getvalue().decode())))
    rows = [dict(zip(lines[0], line, strict=True)) for line in lines[1:]]
    assert len(rows) == ActFiling.objects.count() > 20
    assert scdl.faults_of(schema, lines[0], rows) == []


def test_a_siret_is_asked_once_and_kept_by_who_holds_the_sessions(reader, client, demo_territory):
    """Of our own SIREN only; who only reads may take the file under it, and changes nothing."""
    address, siren = reverse("projects:scdl"), demo_territory.siren
    Intercommunality.objects.filter(pk=demo_territory.pk).update(siret="")
    assert "Retenir ce numéro" in (page := reader.get(address).content.decode()) and "Télécharger" not in page
    for wrong in ("24960001600012", "21960001200013"):
        assert reader.post(address, {"siret": wrong}).status_code == 422
    assert reader.post(address, {"siret": "249 600 016 00011"}).status_code == 302
    demo_territory.refresh_from_db()
    assert demo_territory.siret == SIRET and SIRET.startswith(siren)
    assert f"?siret={SIRET}" in reader.get(address).content.decode()
    client.force_login(User.objects.get(email="conseillere@champ-rosay.example"), BACKEND)
    assert "Retenir" not in client.get(address).content.decode()
    assert client.post(address, {"siret": SIRET}).status_code == 403


@pytest.mark.parametrize(
    ("change", "column", "words"),
    [
        ({"COLL_NOM": ""}, "COLL_NOM", "obligatoire"),
        ({"COLL_SIRET": "24960001600012"}, "COLL_SIRET", "clé est fausse"),
        ({"COLL_SIRET": "249600016"}, "COLL_SIRET", "forme attendue"),
        ({"DELIB_DATE": "2026-02-30", "PREF_DATE": ""}, "DELIB_DATE", "AAAA-MM-JJ"),
        ({"DELIB_DATE": "24/09/2026", "PREF_DATE": ""}, "DELIB_DATE", "AAAA-MM-JJ"),
        ({"DELIB_MATIERE_CODE": "7"}, "DELIB_MATIERE_CODE", "forme attendue"),
        ({"DELIB_MATIERE_CODE": "7.1"}, "DELIB_MATIERE_NOM", "décisions budgétaires"),
        ({"BUDGET_ANNEE": "2027/2026"}, "BUDGET_ANNEE", "suivre"),
        ({"BUDGET_NOM": ""}, "BUDGET_ANNEE", "vont ensemble"),
        ({"PREF_DATE": "2026-09-23"}, "PREF_DATE", "au moins égal"),
        ({"VOTE_CONTRE": ""}, "VOTE_EFFECTIF", "vont ensemble"),
        ({"VOTE_EFFECTIF": "43"}, "VOTE_EFFECTIF", "au moins égal"),
        ({"VOTE_ABSTENTION": "3"}, "VOTE_REEL", "somme"),
        ({"VOTE_POUR": "34,0"}, "VOTE_POUR", "nombre entier"),
        ({"DELIB_URL": "page 3"}, "DELIB_URL", "adresse"),
    ],
)
def test_each_rule_of_the_schema_refuses_the_fault_it_is_for(schema, change, column, words):
    assert scdl.faults_of(schema, scdl.COLUMNS, [ROW]) == []
    found = scdl.faults_of(schema, scdl.COLUMNS, [ROW | change])
    assert any(fault.line == 2 and fault.column == column and words in fault.sentence for fault in found), found


def test_columns_in_another_order_are_refused(schema):
    assert scdl.faults_of(schema, scdl.COLUMNS[::-1], [ROW])[0].line == 1


def test_votes_are_told_all_or_none_and_blank_ballots_are_out_of_the_sum():
    one = scdl.Deliberation("1", date(2026, 9, 24), "8.4", "Objet", in_office=48, votes_for=34, votes_against=8)
    assert {scdl.row_of(one, name="CC", siret=SIRET)[name] for name in scdl.VOTES} == {""}
    full = scdl.row_of(
        scdl.Deliberation(
            "1", date(2026, 9, 24), "8.4", "O", in_office=48, votes_for=34, votes_against=8, abstentions=2
        ),
        name="CC", siret=SIRET,
    )  # fmt: skip
    assert [full[name] for name in scdl.VOTES] == ["48", "44", "34", "8", "2"]


def test_a_title_that_looks_like_a_formula_stays_a_text():
    one = scdl.Deliberation("1", date(2026, 9, 24), "8.4", "=HYPERLINK(1)")
    [row] = csv.DictReader(services.as_csv([one], name="CC", siret=SIRET))
    assert row["DELIB_OBJET"] == " =HYPERLINK(1)"


def test_the_real_deliberations_of_montpellier_are_read_without_losing_a_line(shared_data, capsys):
    path = shared_data / "scdl" / "deliberations_montpellier_2013.csv"
    reading = read_deliberations(path)
    assert len(reading.kept) + len(reading.refused) == 160
    assert reading.kept[0].number == "464"
    assert reading.kept[0].day == date(2013, 11, 25)
    assert reading.kept[0].rapporteur == "Hélène MANDROUX"
    call_command("read_deliberations", path)
    assert f"Délibérations lues : {len(reading.kept)}" in capsys.readouterr().out


def test_lines_that_cannot_be_told_apart_are_refused_by_name(tmp_path):
    path = tmp_path / "d.csv"
    path.write_text(
        "Numéro de délibération;Titre;Date CM\n1;Eau;25/11/2013\n1;Eau;25/11/2013\n;Bois;25/11/2013\n2;Feu;demain\n"
    )
    reading = read_deliberations(path)
    assert [one.number for one in reading.kept] == ["1"]
    assert reading.refused == [
        (3, "la délibération n° 1 est déjà à la ligne 2"),
        (4, "il manque le numéro"),
        (5, "«\u00a0demain\u00a0» n’est pas une date"),
    ]
    path.write_text("Nom;Ville\nA;B\n")
    with pytest.raises(SpreadsheetError, match="aucune colonne ne donne le numéro, la date, l’objet"):
        read_deliberations(path)


def test_our_own_export_is_read_back(reader, tmp_path):
    path = tmp_path / "scdl.csv"
    path.write_bytes(reader.get(reverse("projects:scdl"), {"siret": SIRET}).getvalue())
    reading = read_deliberations(path)
    assert reading.refused == []
    assert len(reading.kept) == ActFiling.objects.count()


def test_a_siret_of_somebody_else_is_refused(reader):
    for siret, words in (("24960001600012", "clé juste"), ("21860194600013", "commencer par le SIREN")):
        answer = reader.get(reverse("projects:scdl"), {"siret": siret})
        assert answer.status_code == 422 and words in answer.content.decode()


def test_the_register_is_filtered_by_body_outcome_and_date(reader, demo_territory):
    def count(**asked):
        return reader.get(reverse("projects:register"), asked).context["page"].paginator.count

    council = Body.objects.get(kind="council", intercommunality=demo_territory)
    assert count() == demo_territory.decisions.count()
    assert count(instance=council.pk, du="2026-09-24", au="2026-09-24") == 3
    assert count(resultat="rejected") == 1
    assert count(du="n’importe quoi") == count()
    assert reader.get(reverse("projects:register"), {"resultat": "no_action"}).status_code == 200


def test_the_register_costs_as_many_queries_whatever_its_length(reader):
    counts = []
    for asked in ({"du": "2026-11-01"}, {"du": "2026-09-01"}, {}):
        with CaptureQueriesContext(connection) as queries:
            reader.get(reverse("projects:register"), asked)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]


def test_an_act_is_filed_under_its_number_once(reader, demo_territory):
    [first, second] = services.unfiled(demo_territory)
    address = reverse("projects:act_file", args=[first.item_id])
    early = {"number": "2026-90", "matter": "8.1", "received_on": "2026-01-01"}
    assert "avant la séance" in reader.post(address, early).content.decode()
    assert reader.post(address, early | {"received_on": "2026-11-09", "budget_year": "2026"}).status_code == 200
    assert reader.post(address, early | {"received_on": "2026-11-09"}).status_code == 302
    assert [one.pk for one in services.unfiled(demo_territory)] == [second.pk]
    again = reader.post(reverse("projects:act_file", args=[second.item_id]), {"number": "2026-90", "matter": "8.1"})
    assert "Un autre acte porte déjà ce numéro" in again.content.decode()


def test_matters_are_in_the_order_of_their_two_numbers():
    assert len(MATTERS) == 57 == len({code for code, _ in MATTERS})
    assert [code for code, _ in MATTERS] == sorted((code for code, _ in MATTERS), key=rank_of)
