"""What groupings exercise comes in whole or not at all, in any layout, and says what it guessed and put aside."""

from __future__ import annotations

from datetime import date

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from territories.models import Competence, Crosswalk, Intercommunality, NationalCompetence
from tests.factories import make_competence, make_epci

pytestmark = pytest.mark.django_db
MINE, OTHER, STRANGER = "249600016", "200000172", "200042935"
LABELS = (
    "Code;Nom;Categorie;;;\r\n1505;Eau;15;;;\r\n"
    "1510; Assainissement collectif ;15;;;\r\n7570;Fourrière animale;75;;;\r\n"
)


@pytest.fixture
def epci():
    return make_epci()


def a_file(tmp_path, text, *, name="competences.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return str(path)


def long(*pairs, separator=","):
    return "\n".join([separator.join(("siren", "code_competence")), *(separator.join(pair) for pair in pairs)]) + "\n"


def load(path, *options, nomenclature="2025"):
    call_command("import_competences", path, "--nomenclature", nomenclature, *options)


def test_what_a_grouping_exercises_becomes_its_competences_of_a_category_to_be_stated(tmp_path, epci, capsys):
    labels = a_file(tmp_path, LABELS, name="nomenclature.csv")
    load(a_file(tmp_path, long((MINE, "1505"), (MINE, "7570"))), "--labels", labels)
    found = {one.label: one for one in epci.competences.all()}
    assert set(found) == {"Eau", "Fourrière animale"}
    assert found["Eau"].category == Competence.Category.UNSTATED and found["Eau"].is_exercised
    assert found["Eau"].banatic_codes == ["1505"]
    assert found["Eau"].national.get().group_code == "15"
    assert found["Eau"].history.count() == 1
    said = capsys.readouterr().out
    assert "compétences : 2 créées" in said and "encodage UTF-8, séparateur «\u00a0;\u00a0»" in said


def test_the_same_files_again_change_nothing(tmp_path, epci, capsys):
    path, labels = a_file(tmp_path, long((MINE, "1505"), (MINE, "1520"))), a_file(tmp_path, LABELS, name="n.csv")
    load(path, "--labels", labels)
    capsys.readouterr()
    load(path, "--labels", labels)
    said = capsys.readouterr().out
    assert "compétences : 0 créée, 0 modifiée, 2 inchangées" in said
    assert "codes 2025 : 0 créé, 0 modifié, 4 inchangés" in said


def test_a_code_without_label_is_kept_shown_as_such_and_named_once_its_label_is_known(tmp_path, epci, capsys):
    path = a_file(tmp_path, long((MINE, "1505")))
    load(path)
    assert epci.competences.get().label == "Code 1505 de la nomenclature 2025, sans intitulé"
    assert "Codes sans intitulé, gardés comme tels, sur 1 : 1 (1505)" in capsys.readouterr().out
    load(path, "--labels", a_file(tmp_path, LABELS, name="n.csv"))
    assert epci.competences.get().label == "Eau"
    load(path)
    assert NationalCompetence.objects.get(code="1505").label == "Eau"


def test_the_same_code_of_two_nomenclatures_is_never_mixed_up(tmp_path, epci):
    old = a_file(tmp_path, "code,libelle\n1510,Déchets des ménages\n", name="anciens.csv")
    load(a_file(tmp_path, long((MINE, "1510"))), "--labels", old, nomenclature="2021")
    load(a_file(tmp_path, long((MINE, "1510"))), "--labels", a_file(tmp_path, LABELS, name="n.csv"))
    assert set(epci.competences.values_list("label", flat=True)) == {"Déchets des ménages", "Assainissement collectif"}


def test_the_crosswalk_keeps_one_competence_where_only_the_code_changed(tmp_path, epci, capsys):
    crosswalk = a_file(
        tmp_path,
        "id,code_2021,code_2025,type\n1,1502,1505,one_to_one\n2,1004,1005,split\n3,1004,1010,split\n4,9920,,no_equivalent\n",
        name="correspondance.csv",
    )
    load(a_file(tmp_path, long((MINE, "1502"), (MINE, "1004"))), "--crosswalk", crosswalk, nomenclature="2021")
    assert Crosswalk.objects.count() == 4
    capsys.readouterr()
    load(a_file(tmp_path, long((MINE, "1505"), (MINE, "1005"))))
    said = capsys.readouterr().out
    assert "compétences : 1 créée, 1 modifiée, 0 inchangée" in said
    assert "de l’autre nomenclature seulement, à rapprocher à la main : 1." in said
    water = epci.competences.get(national__code="1502")
    assert [str(one.code) for one in water.national.all()] == ["1502", "1505"]
    assert water.banatic_codes == ["1505"]


def test_what_people_wrote_is_kept(tmp_path, epci, capsys):
    competence = make_competence(epci, label="Eau", category="obligatory")
    competence.since = date(2001, 1, 1)
    competence.save()
    load(a_file(tmp_path, long((MINE, "1505"))), "--labels", a_file(tmp_path, LABELS, name="n.csv"))
    kept = epci.competences.get()
    assert (kept.category, kept.since, kept.national.get().code) == ("obligatory", date(2001, 1, 1), "1505")
    capsys.readouterr()
    load(a_file(tmp_path, long((MINE, "7570"))))
    assert "ne figurent plus dans le fichier, laissées telles quelles : 1" in capsys.readouterr().out
    assert epci.competences.count() == 2


def test_a_code_typed_before_the_nomenclature_came_is_tied_to_it(tmp_path, epci):
    competence = make_competence(epci)
    competence.banatic_codes = ["7570", "9999"]
    competence.save()
    call_command(
        "import_competences", "--nomenclature", "2025", "--labels", a_file(tmp_path, LABELS, name="nomenclature.csv")
    )
    assert competence.national.get().label == "Fourrière animale"


def test_groupings_that_the_places_do_not_know_are_listed(tmp_path, epci, capsys):
    load(a_file(tmp_path, long((MINE, "1505"), (STRANGER, "1505"), ("762585518", "1505"))))
    said = capsys.readouterr().out
    assert f"Groupements inconnus, laissés de côté : 2 ({STRANGER}, 762585518)" in said
    assert "dont la clé du SIREN est fausse : 1 (762585518)" in said
    assert Competence.objects.count() == 1


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2496OOO16,1505", "SIREN"),
        ("249600,1505", "6 chiffres"),
        ("2496000161,1505", "SIREN"),
        (",1505", "SIREN"),
        (f"{MINE},eau", "quatre chiffres"),
        (f"{MINE},150", "quatre chiffres"),
        ("Lot suivant,", "une cellule"),
    ],
)
def test_a_bad_line_is_named_and_nothing_changes(tmp_path, epci, line, reason):
    text = f"siren,code_competence\n{MINE},1505\n{line}\n{MINE},1510\n"
    with pytest.raises(CommandError, match="ligne 3") as refused:
        load(a_file(tmp_path, text))
    assert reason in str(refused.value) and "rien n’a été modifié" in str(refused.value)
    assert not Competence.objects.exists() and not NationalCompetence.objects.exists()


def test_totals_empty_lines_and_notes_at_the_end_are_put_aside_and_counted(tmp_path, epci, capsys):
    load(a_file(tmp_path, long((MINE, "1505"), (MINE, "1505"), ("", ""), ("Total", "1")) + "Source : BANATIC,\n"))
    said = capsys.readouterr().out
    assert "vides ignorées : 1 ; totaux ignorés : 1 ; notes de fin ignorées : 1 ; répétitions ignorées : 1" in said
    assert Competence.objects.count() == 1


def test_a_quote_left_open_swallows_nothing_in_silence(tmp_path, epci):
    text = long((MINE, "1505")) + f'"{MINE},1510\n' + f"{MINE},7570\n" * 3
    with pytest.raises(CommandError, match="ligne 3"):
        load(a_file(tmp_path, text))
    assert not Competence.objects.exists()


def test_an_empty_crosswalk_takes_nothing_away(tmp_path):
    full = a_file(tmp_path, "code_2021,code_2025,type\n1502,1505,one_to_one\n", name="plein.csv")
    empty = a_file(tmp_path, "code_2021,code_2025,type\n", name="vide.csv")
    call_command("import_competences", "--nomenclature", "2021", "--crosswalk", full)
    with pytest.raises(CommandError, match="aucune correspondance"):
        call_command("import_competences", "--nomenclature", "2021", "--crosswalk", empty)
    assert Crosswalk.objects.count() == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_any_encoding_separator_and_line_end_is_read(tmp_path, epci, encoding, separator, end):
    text = long((MINE, "1505"), separator=separator).replace("siren", "N° SIREN").replace("\n", end)
    load(a_file(tmp_path, text, encoding=encoding))
    assert epci.competences.get().banatic_codes == ["1505"]


def test_a_siren_that_lost_its_first_zero_in_a_spreadsheet_gets_it_back(tmp_path):
    epci = Intercommunality.objects.create(siren="005520135", name="Îles", kind="CC")
    book = openpyxl.Workbook()
    book.active.append(["SIREN", "Code"])
    book.active.append([5520135, 1505])
    book.save(tmp_path / "a.xlsx")
    load(str(tmp_path / "a.xlsx"))
    assert epci.competences.count() == 1


def test_the_old_export_with_a_column_for_each_code_is_read(tmp_path, epci, capsys):
    header = "Région siège\tN° SIREN\tNom du groupement\tType\tSiren membre\tC1004\tC1502\tC1510"
    rows = [
        f"Sud\t{MINE}\tCC de l’Épine\tCommune\t219600012\t0\t1\t1",
        f"Sud\t{MINE}\tCC de l’Épine\tCommune\t219600020\t0\t1\t1",
        f"Sud\t{OTHER}\tAutre\tCommune\t219600038\t1\t0\t0",
    ]
    make_epci(1)
    text = "\n".join([header, *rows]).replace("’", "'")
    load(a_file(tmp_path, text, name="export.xls", encoding="iso-8859-1"), nomenclature="2021")
    assert set(epci.competences.values_list("national__code", flat=True)) == {"1502", "1510"}
    said = capsys.readouterr().out
    assert "une colonne par compétence" in said and "encodage Windows-1252, séparateur tabulation" in said
    with pytest.raises(CommandError, match="pas les mêmes compétences que ligne 2"):
        load(a_file(tmp_path, "\n".join([header, rows[0], rows[0][:-1] + "0"])), nomenclature="2021")


def test_the_new_export_with_a_column_for_each_label_is_read(tmp_path, epci, capsys):
    book = openpyxl.Workbook()
    book.active.append(["Nom", "N° SIREN", "Groupement interdépartemental", "EAU", "Fourriere animale", "Magie"])
    book.active.append(["CC", int(MINE), "NON", "OUI", "NON", "OUI"])
    book.save(tmp_path / "banatic.xlsx")
    labels = a_file(tmp_path, LABELS, name="nomenclature.csv")
    load(str(tmp_path / "banatic.xlsx"), "--labels", labels)
    assert [one.label for one in epci.competences.all()] == ["Eau"]
    assert "laissées de côté : 3 (nom, groupement interdepartemental, magie)" in capsys.readouterr().out
    book.active.append(["CC", int(MINE), "NON", "peut-être", "NON", "OUI"])
    book.save(tmp_path / "banatic.xlsx")
    with pytest.raises(CommandError, match="ni OUI ni NON"):
        load(str(tmp_path / "banatic.xlsx"), "--labels", labels)


def test_a_missing_column_is_said_with_those_seen(tmp_path, epci):
    with pytest.raises(CommandError, match=r"il manque dans l’en-tête : le SIREN.*« groupement »"):
        load(a_file(tmp_path, "groupement,code\n1,2\n"))
    with pytest.raises(CommandError, match="le code de compétence"):
        load(a_file(tmp_path, f"siren,nom\n{MINE},2\n"))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1004,1005,moved", "type de correspondance"),
        ("1004,,split", "quatre chiffres"),
        ("9920,1005,no_equivalent", "sans équivalent"),
        ("1502,1510,one_to_one", "déjà ligne 2"),
    ],
)
def test_a_crosswalk_that_contradicts_itself_is_refused(tmp_path, row, reason):
    path = a_file(tmp_path, f"code_2021,code_2025,type\n1502,1505,one_to_one\n{row}\n")
    with pytest.raises(CommandError, match="ligne 3") as refused:
        call_command("import_competences", "--nomenclature", "2021", "--crosswalk", path)
    assert reason in str(refused.value)
    assert not Crosswalk.objects.exists()


def test_a_dry_run_tells_and_changes_nothing(tmp_path, epci, capsys):
    load(a_file(tmp_path, long((MINE, "1505"))), "--dry-run")
    assert "1 créée," in capsys.readouterr().out
    assert not Competence.objects.exists() and not NationalCompetence.objects.exists()


def test_a_nomenclature_is_needed_and_a_file_too(tmp_path):
    with pytest.raises(CommandError):
        call_command("import_competences", a_file(tmp_path, long((MINE, "1505"))))
    with pytest.raises(CommandError, match="FICHIER"):
        call_command("import_competences", "--nomenclature", "2025")


def test_all_of_france_comes_in_and_stays_the_same(shared_data, capsys):
    banatic = shared_data / "banatic"
    call_command("import_places", "--communes", str(shared_data / "referentiel" / "communes_epci_2025.csv"))
    new = ["--labels", str(banatic / "nomenclature_competences_2025.csv")]
    new += ["--groups", str(banatic / "categories_competences_2025.csv")]
    call_command("import_competences", "--nomenclature", "2025", *new)
    assert "codes 2025 : 118 créés" in capsys.readouterr().out
    assert NationalCompetence.objects.get(nomenclature="2025", code="1505").group_label == "Eau et assainissement"
    options = ["--labels", str(banatic / "nomenclature_competences_2021_partielle.csv")]
    options += ["--crosswalk", str(banatic / "correspondance_2021_2025.csv")]
    path = str(banatic / "competences_groupements_nomenclature2021.csv")
    load(path, *options, nomenclature="2021")
    said = capsys.readouterr().out
    assert "Lignes lues : 56393 ; refusées : 0" in said
    assert "codes 2021 : 90 créés" in said and "sur 90 : 49" in said
    assert "correspondances : 44 créées" in said
    assert "Groupements inconnus, laissés de côté : 8556" in said
    assert Competence.objects.count() == Competence.history.count() == 40_483
    load(path, *options, nomenclature="2021")
    said = capsys.readouterr().out
    assert "compétences : 0 créée, 0 modifiée, 40\u202f483 inchangées" in said
    assert "correspondances : 0 créée, 0 modifiée, 44 inchangées" in said
