"""Real places come in whole, again and again with the same result; a bad file changes nothing and says why."""

import json

import openpyxl
import pytest
from django.core.management import CommandError, call_command

from territories.models import Commune, Intercommunality, Outline, Population

pytestmark = pytest.mark.django_db
HEADER = (
    "code_insee,nom,siren_commune,code_departement,code_region,population_municipale,population_totale,"
    "siren_epci,nom_epci,nature_juridique,mode_financement"
)
GOOD = (
    "01001,L'Abergement-Clémenciat,210100012,01,84,859,875,200069193,CC de la Dombes,CC,FPU",
    "2A004,Ajaccio,212000046,2A,94,100,110,,,,",
)
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [0, 1], [1, 1], [1, 0], [0, 0]]]}


def a_file(tmp_path, *lines, header=HEADER, encoding="utf-8"):
    path = tmp_path / "communes.csv"
    path.write_bytes("\r\n".join([header, *lines]).encode(encoding))
    return path


def outlines(tmp_path, *codes, geometry=SQUARE):
    features = [{"type": "Feature", "properties": {"code": code}, "geometry": geometry} for code in codes]
    path = tmp_path / "contours_2022.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    return path


def load(path, *options):
    call_command("import_places", "--communes", str(path), *options)


def test_a_sound_file_is_loaded(tmp_path, capsys):
    load(a_file(tmp_path, *GOOD))
    commune = Commune.objects.get(insee_code="01001")
    assert (commune.intercommunality.siren, commune.tncc) == ("200069193", "5")
    assert commune.populations.get().total == 875
    assert Commune.objects.get(insee_code="2A004").intercommunality is None
    assert "communes : 2 créées" in capsys.readouterr().out


def test_the_same_file_again_changes_nothing(tmp_path, capsys):
    path = a_file(tmp_path, *GOOD)
    load(path)
    capsys.readouterr()
    load(path)
    assert "communes : 0 créée, 0 modifiée, 2 inchangées" in capsys.readouterr().out


def test_only_what_differs_is_updated(tmp_path, capsys):
    load(a_file(tmp_path, *GOOD))
    capsys.readouterr()
    load(a_file(tmp_path, GOOD[0].replace("859,875", "860,876").replace("Dombes", "Grande Dombes"), GOOD[1]))
    assert Population.objects.get(commune__insee_code="01001").municipal == 860
    assert Intercommunality.objects.get().name == "CC de la Grande Dombes"
    assert "populations 2025 : 0 créée, 1 modifiée, 1 inchangée" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("96001,Orvelle,219600012,96,96,1,1,,,,", "fictif"),
        ("1001x,Nulle part,210100012,01,84,1,1,,,,", "code INSEE"),
        ("2A14,Bastelica,212000143,2A,94,1,1,,,,", "un zéro a sans doute été perdu"),
        ("01002,Varey,210100013,01,84,1,1,,,,", "SIREN"),
        ("01002,Varey,210100020,01,84,beaucoup,1,,,,", "municipale"),
        ("01002,Varey,210100020,01,84,-4,1,,,,", "municipale"),
        ("01002,Varey,210100020,01,84,5,4,,,,", "plus petite"),
        ("01001,Encore,210100012,01,84,1,1,,,,", "ligne 2"),
        ("01002,Varey,210100020,01,84,1,1,200069193,CC,SIVU,FPU", "forme d’EPCI"),
    ],
)
def test_a_bad_line_is_named_and_nothing_changes(tmp_path, line, reason):
    with pytest.raises(CommandError, match="ligne 3") as refused:
        load(a_file(tmp_path, GOOD[0], line))
    assert reason in str(refused.value)
    assert not Commune.objects.exists()
    assert not Intercommunality.objects.exists()


def test_a_quotation_mark_never_closed_is_refused_without_repeating_the_file(tmp_path):
    with pytest.raises(CommandError, match="ligne 2") as refused:
        load(a_file(tmp_path, f'"{GOOD[0]}', *GOOD * 50))
    assert len(str(refused.value)) < 500
    assert not Commune.objects.exists()


def test_more_than_twenty_bad_lines_are_counted(tmp_path):
    with pytest.raises(CommandError, match="et 5 autres lignes"):
        load(a_file(tmp_path, *["x,,,,,,,,,,"] * 25))


def test_fictional_places_come_in_when_allowed(tmp_path):
    load(a_file(tmp_path, "96001,Orvelle,,96,96,1,1,,,,"), "--allow-fictional")
    assert Commune.objects.get().department_code == "96"


def test_a_dry_run_tells_and_changes_nothing(tmp_path, capsys):
    load(a_file(tmp_path, *GOOD), "--dry-run")
    assert "2 créées" in capsys.readouterr().out
    assert not Commune.objects.exists()


def test_a_file_of_another_kind_is_refused_with_its_missing_columns(tmp_path):
    with pytest.raises(CommandError, match="code insee"):
        load(a_file(tmp_path, "a,b", header="x,y"))


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("encoding", "said"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8"),
        ("cp1252", "Windows-1252"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16"),
        ("utf-16-be", "UTF-16"),
    ],
)
def test_every_encoding_and_separator_is_understood_and_what_was_guessed_is_said(
    tmp_path, capsys, encoding, said, separator
):
    lines = [line.replace(",", separator) for line in GOOD]
    load(a_file(tmp_path, *lines, header=HEADER.replace(",", separator), encoding=encoding))
    assert Commune.objects.get(insee_code="01001").name == "L'Abergement-Clémenciat"
    named = "tabulation" if separator == "\t" else f"«\u00a0{separator}\u00a0»"
    assert f"encodage {said}, séparateur {named}" in capsys.readouterr().out


def test_a_workbook_says_which_sheet_was_read(tmp_path, capsys):
    workbook = openpyxl.Workbook()
    for row in (HEADER, *GOOD):
        workbook.active.append([int(cell) if cell.isdigit() and len(cell) > 5 else cell for cell in row.split(",")])
    workbook.save(path := tmp_path / "communes.xlsx")
    load(path)
    assert "classeur XLSX, première feuille" in capsys.readouterr().out
    assert Commune.objects.get(insee_code="01001").siren == "210100012"


def test_a_code_that_lost_its_leading_zero_gets_it_back_and_it_is_said(tmp_path, capsys):
    load(a_file(tmp_path, GOOD[0].replace("01001,", "1001,").replace(",01,", ",1,"), GOOD[1]))
    assert Commune.objects.filter(insee_code="01001", department_code="01").exists()
    assert "perdu leur zéro, rétablis : 1 (01001)" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("code", "department"),
    [("2B033", "2B"), ("97105", "971"), ("97502", "975"), ("97608", "976"), ("98735", "987"), ("98818", "988")],
)
def test_corsican_and_overseas_codes_come_in_with_their_department(tmp_path, code, department):
    load(a_file(tmp_path, f"{code},Quelque part,,{department},,1,1,,,,"))
    assert Commune.objects.get().department_code == department


def test_refused_lines_are_counted_by_what_they_fail_to_give(tmp_path):
    bad = (
        "0100X,Varey,210100020,01,84,1,1,,,,",
        "01002,Varey,210100020,01,84,beaucoup,1,,,,",
        "01004,Ambérieu,,01,84,1,1,200069193,CC,SIVU,FPU",
        "01005,Ambérieux,,01,84,1,1,123,CC,CC,FPU",
    )
    with pytest.raises(CommandError, match=r"4 \(communes : 1, intercommunalités : 2, populations : 1\)"):
        load(a_file(tmp_path, GOOD[0], *bad))


def test_totals_and_empty_lines_are_ignored_and_counted(tmp_path, capsys):
    totals = ("Total,,,,,959,985,,,,", ",TOTAL GÉNÉRAL,,,,959,985,,,,", "Sous-total 01,,,,,859,875,,,,")
    load(a_file(tmp_path, *GOOD, *totals, ",,,,,,,,,,", ",,,,,,,,,,"))
    assert "vides ignorées : 2 ; totaux ignorés : 3" in capsys.readouterr().out
    assert Commune.objects.count() == 2


COG = "TYPECOM,COM,TNCC,LIBELLE"


def a_cog(tmp_path, *lines, header=COG):
    path = tmp_path / "cog.csv"
    path.write_text("\n".join([header, *lines]), encoding="utf-8")
    return path


def test_the_official_code_says_the_article_that_was_only_guessed(tmp_path, capsys):
    places = a_file(tmp_path, "14348,Houlgate,,14,28,1,1,,,,", "67180,Haguenau,,67,44,1,1,,,,", *GOOD)
    cog = a_cog(
        tmp_path, "COM,14348,0,Houlgate", "COMD,14348,3,Autre", "COM,67180,1,Haguenau", "COM,2A004,1,Ajaccio-Ville"
    )
    for _ in range(2):
        load(places, "--cog", str(cog))
    # the sound of an initial h cannot be guessed: the official code is right, whatever it says
    assert list(Commune.objects.order_by("insee_code").values_list("insee_code", "tncc")) == [
        ("01001", "5"), ("14348", "0"), ("2A004", "1"), ("67180", "1"),
    ]  # fmt: skip
    said = capsys.readouterr().out
    assert "autres lignes laissées de côté (communes déléguées, associées, arrondissements) : 1" in said
    assert "2A004 Ajaccio → Ajaccio-Ville" in said
    assert "articles : 0 créé, 0 modifié, 2 inchangés" in said


@pytest.mark.parametrize(
    ("cog", "reason"),
    [(("COM,01001,9,L'Abergement",), "TNCC"), (("COMD,01001,5,L'Abergement",), "aucune commune")],
)
def test_a_false_official_code_changes_nothing(tmp_path, cog, reason):
    with pytest.raises(CommandError, match=reason):
        load(a_file(tmp_path, *GOOD), "--cog", str(a_cog(tmp_path, *cog)))
    with pytest.raises(CommandError, match="il manque TNCC"):
        load(a_file(tmp_path, *GOOD), "--cog", str(a_cog(tmp_path, "COM,01001", header="TYPECOM,COM,LIBELLE")))
    assert not Commune.objects.exists()


def test_only_the_epci_asked_for_is_loaded(tmp_path):
    load(a_file(tmp_path, *GOOD), "--epci", "200069193")
    assert set(Commune.objects.values_list("insee_code", flat=True)) == {"01001"}
    with pytest.raises(CommandError, match="249600016"):
        load(a_file(tmp_path, *GOOD), "--epci", "249600016")


def test_outlines_older_than_a_merger_are_listed_and_harm_nothing(tmp_path, capsys):
    load(a_file(tmp_path, *GOOD), "--outlines", str(outlines(tmp_path, "01001", "01999")))
    assert Outline.objects.get().vintage == 2022
    assert "01999" in capsys.readouterr().out


def test_a_commune_drawn_twice_keeps_its_newest_outline_whatever_the_order_of_the_files(tmp_path):
    new = outlines(tmp_path, "01001")
    old = new.with_name("contours_2018.geojson")
    old.write_text(new.read_text())
    for order in ([new, old], [old, new]):
        load(a_file(tmp_path, *GOOD), "--outlines", *(str(path) for path in order))
        assert Outline.objects.get().vintage == 2022


def test_outlines_that_are_points_or_unreadable_change_nothing(tmp_path):
    point = outlines(tmp_path, "01001", geometry={"type": "Point", "coordinates": [0, 0]})
    broken = tmp_path / "abime.geojson"
    broken.write_text('{"features": [')
    for path, reason in ((point, "polygone"), (broken, "GeoJSON lisible")):
        with pytest.raises(CommandError, match=reason):
            load(a_file(tmp_path, *GOOD), "--outlines", str(path))
    assert not Commune.objects.exists()


def test_all_of_france_comes_in_and_stays_the_same(shared_data, capsys):
    files = ["--communes", str(shared_data / "referentiel" / "communes_epci_2025.csv")]
    files += ["--outlines", *(str(path) for path in sorted((shared_data / "contours").glob("communes_*.geojson")))]
    call_command("import_places", *files)
    assert Commune.objects.count() == 34_875
    assert Intercommunality.objects.count() == 1_255
    assert Commune.objects.filter(intercommunality=None).count() == 4
    capsys.readouterr()
    call_command("import_places", "--cog", str(shared_data / "referentiel" / "communes_cog_2026.csv"))
    # 19 communes were renamed since, 235 articles were guessed wrong
    said = capsys.readouterr().out
    assert "articles : 0 créé, 235 modifiés" in said
    capsys.readouterr()
    call_command("import_places", *files)
    said = capsys.readouterr().out
    assert "communes : 0 créée, 0 modifiée, 34\u202f875 inchangées" in said
    assert "contours : 0 créé, 0 modifié, 1\u202f415 inchangés" in said
