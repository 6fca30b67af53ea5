"""Files of partners are read as offices write them; the directory receives all of it or nothing."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from cooperation.french import number
from partners.directory.models import Partner
from partners.directory.services import merge_partners
from territories.models import Commune
from tests.factories import make_commune, make_coordinator, make_epci, make_partner

pytestmark = pytest.mark.django_db


@pytest.fixture
def epci():
    return make_epci(department_code="34")


def run(path, epci, *options):
    out = StringIO()
    call_command("import_partners", str(path), *options, epci=epci.siren, stdout=out)
    return out.getvalue()


def write(tmp_path, text, name="partenaires.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def place(epci, code, name, **fields):
    return Commune.objects.create(intercommunality=epci, insee_code=code, name=name, department_code=code[:2], **fields)


def test_the_2452_associations_of_a_city_enter_once(epci, shared_data):
    path = shared_data / "associations" / "annuaire_associations_montpellier_2011.csv"
    said = run(path, epci)
    assert "Lignes lues : 2452 ; refusées : 0." in said
    assert "courriels masqués, non repris" in said
    assert not Partner.objects.filter(email__startswith="contact").exists()
    count = Partner.objects.count()
    grouped = int(next(line for line in said.splitlines() if "regroupées" in line).split()[0])
    assert count + grouped == 2452
    assert Partner.objects.get(name="A Domicile Hérault").phone == "04 67 92 84 01"
    assert f"0 créé, 0 modifié, {number(count)} inchangés" in run(path, epci)
    assert Partner.history.count() == count


def test_a_postcode_of_one_commune_only_tells_the_commune(epci, tmp_path):
    place(epci, "34172", "Montpellier", postcode="34000")
    run(write(tmp_path, "NomAsso,Code_Postal\nArdec,34000\nAmphère,34070\n"), epci)
    assert [c.name for c in Partner.objects.get(name="Ardec").communes.all()] == ["Montpellier"]
    assert not Partner.objects.get(name="Amphère").communes.exists()


def test_the_places_of_another_territory_are_left_aside_and_counted(epci, shared_data):
    place(epci, "12197", "Réquista")
    said = run(shared_data / "associations" / "france_services_2020.geojson", epci)
    partner = Partner.objects.get()
    assert (partner.name, partner.kind) == ("France services Réquista « Le Bercail »", "public_place")
    assert (partner.phone, partner.email) == ("", "")
    assert [c.name for c in partner.communes.all()] == ["Réquista"]
    assert "907 hors du territoire" in said


def test_a_pivot_is_a_siret_or_an_rna_number(epci, shared_data):
    place(epci, "13001", "Aix-en-Provence")
    path = shared_data / "associations" / "lieux_mediation_aix-en-provence.json"
    assert "38 créés" in run(path, epci)
    assert Partner.objects.get(name="Anonymal").rna == "W131004321"
    assert Partner.objects.get(name="CCAS").siret == "26130033900270"
    assert Partner.objects.get(name="CCAS").kind == "ccas"
    assert Partner.objects.filter(siret="21130001700012").count() == 14
    assert "38 inchangés" in run(path, epci)


def test_the_two_forms_of_the_national_register_are_read(epci, shared_data):
    place(epci, "75056", "Paris")
    place(epci, "69266", "Villeurbanne")
    place(epci, "63113", "Clermont-Ferrand")
    run(shared_data / "associations" / "rna_sample_import.csv", epci)
    assert Partner.objects.get(name="INDIGO").rna == "W751085568"
    said = run(shared_data / "associations" / "rna_sample_waldec.csv", epci)
    assert "1 association dissoute, laissée de côté" in said
    ariadne = Partner.objects.get(name="ARIADNE")
    assert (ariadne.rna, ariadne.kind) == ("W012000002", "association")
    assert ariadne.address == "31 RUE Paul Lafargue, 69100 Villeurbanne"


def test_one_wrong_line_refuses_the_file_with_its_number_and_its_reason(epci, tmp_path):
    path = write(tmp_path, "nom;siret\nBon;\nFaux;247 600 596 00108\n;\n", encoding="cp1252")
    with pytest.raises(CommandError, match=r"ligne 3 : « 24760059600108 ».*clé est fausse"):
        run(path, epci)
    assert not Partner.objects.exists()


def test_a_description_too_long_is_shortened_and_counted(epci, tmp_path):
    said = run(write(tmp_path, f"nom;objet\nBon;{'mot ' * 600}\nCourt;mot\n"), epci)
    assert "1 présentation trop longue, raccourcie" in said.replace("\xa0", " ")
    held = Partner.objects.get(name="Bon").description
    assert held.endswith("mot…")
    assert len(held) <= 2_000


def test_a_siret_written_with_spaces_is_accepted(epci, tmp_path):
    run(write(tmp_path, "nom;siret\nBon;356 000 000 00048\n"), epci)
    assert Partner.objects.get().siret == "35600000000048"


def test_a_trial_writes_nothing(epci, tmp_path):
    said = run(write(tmp_path, "nom\nBon\n"), epci, "--dry-run")
    assert "1 créé," in said
    assert "rien n’a été modifié" in said
    assert not Partner.objects.exists()


def test_a_changed_line_updates_and_its_past_is_kept(epci, tmp_path):
    run(write(tmp_path, "nom;adresse\nBon;1 rue du Port\n"), epci)
    assert "1 modifié," in run(write(tmp_path, "nom;adresse\nBon;2 rue du Port\n"), epci)
    assert {row.address for row in Partner.history.all()} == {"1 rue du Port", "2 rue du Port"}


def test_a_partner_merged_since_is_not_created_again(epci, tmp_path):
    kept, merged = make_partner(epci, "Ardec"), make_partner(epci, "A.R.D.E.C.")
    merge_partners(kept=kept, merged=merged, by=make_coordinator(epci))
    assert "1 inchangé." in run(write(tmp_path, "nom\nA.R.D.E.C.\n"), epci)


def test_a_file_without_names_says_so(epci, tmp_path):
    with pytest.raises(CommandError, match="aucune colonne ne donne le nom"):
        run(write(tmp_path, "code;valeur\n1;2\n"), epci)


def test_a_damaged_json_file_says_so(epci, tmp_path):
    with pytest.raises(CommandError, match="mal formé"):
        run(write(tmp_path, "[{", "lieux.json"), epci)


def test_a_town_is_recognised_however_it_is_written(epci, tmp_path):
    commune = make_commune(epci, "Saint-Élix-des-Forges")
    run(write(tmp_path, "nom,code postal,ville\nBon,35120,ST ELIX DES FORGES CEDEX 2\n"), epci)
    assert list(Partner.objects.get().communes.all()) == [commune]
