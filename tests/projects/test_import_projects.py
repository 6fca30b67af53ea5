"""A plan that exists comes in as projects, whole, once, and nothing of its words is lost."""

import pytest
from django.core.management import CommandError, call_command

from cooperation.spreadsheets import read_cells
from projects.funding.models import FundingPlan
from projects.importers.bodies import Territory, nature_of, owner_kind_of, territory_of
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from territories.models import Intercommunality

pytestmark = pytest.mark.django_db
SIREN = "200071223"
HEADER = (
    "Titre de l'action;Descriptif;Objectifs;Structure pilote;Partenaires;Financeur 1;Montant € HT;"
    "Budget prévisionnel total € HT;Statut;Date de début;Date de fin;Calendrier"
)


@pytest.fixture
def epci():
    return Intercommunality.objects.create(siren=SIREN, name="CC Nièvre et Somme", kind="CC", tax_regime="FPU")


def a_plan(tmp_path, *lines):
    path = tmp_path / "plan.csv"
    path.write_text("\n".join([HEADER, *lines]), encoding="utf-8")
    return path


def load(path, *options):
    call_command("import_projects", str(path), "--epci", SIREN, "--date", "2026-11-02", *options)


def test_a_line_becomes_a_project_with_its_actors_and_its_money(tmp_path, epci):
    load(
        a_plan(
            tmp_path, "Voie;Constat;But;CCNS;FDE80, ccns,EPF;Région;4 000 €;10000;En cours;2026-01-02;03/04/2027;2026"
        )
    )
    project = Project.objects.get()
    assert (project.reference, project.need, project.shared_objective) == ("PA-001", "Constat", "But")
    assert (project.status, project.owner_name) == ("in_progress", "CCNS")
    assert list(project.actors.values_list("name", "leads")) == [("CCNS", True), ("FDE80", False), ("EPF", False)]
    plan = project.funding_plans.get()
    assert (plan.cost, plan.lines.get().funder, plan.lines.get().amount) == (10_000, "Région", 4_000)
    assert f"{project.starts_on} {project.ends_on}" == "2026-01-02 2027-04-03"
    assert project.imported_text == {"Calendrier": "2026"}


HERE = Territory(frozenset({"cc nievre et somme", "ccns"}), frozenset({"flixecourt", "l etoile"}))


@pytest.mark.parametrize(
    ("funder", "owner", "nature"),
    [
        ("CAF de la Somme", "CCNS", "private"),
        ("Caisse d’Allocations Familiales", "CCNS", "private"),
        ("MSA Picardie", "CCNS", "private"),
        ("Fondation de France", "CCNS", "private"),
        ("Mécénat", "CCNS", "private"),
        ("DETR", "CCNS", "public"),
        ("Conseil départemental", "CCNS", "public"),
        ("Agence de l’eau Artois-Picardie", "CCNS", "public"),
        ("CCNS", "CCNS", "own"),
        ("Autofinancement", "", "own"),
        ("Commune de Flixecourt", "CCNS", "contribution"),  # L. 5214-16 V: a commune to its EPCI
        ("CCNS", "Mairie de L’Étoile", "contribution"),  # … and the EPCI to its commune
        ("Fonds de concours des communes", "", "contribution"),
        ("Flixecourt", "Association Le Lien", "public"),
        ("CAF et Département", "CCNS", ""),  # two natures on one line: nobody can tell
        ("Dupont & fils", "CCNS", ""),
        ("Safran", "CCNS", ""),  # a word counts whole
    ],
)
def test_a_funder_is_recognised_in_law_by_its_name_or_not_at_all(funder, owner, nature):
    assert nature_of(funder, owner=owner, territory=HERE) == nature


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("CCNS", "epci"),
        ("La CC Nièvre et Somme", "epci"),
        ("commune de Flixecourt", "commune"),
        ("L'Étoile", "commune"),
        ("Association Le Lien", "partner"),
        ("SMIRTOM plateau picard Nord", "public"),
        ("Hangest", ""),
        ("", ""),
    ],
)
def test_an_owner_is_recognised_by_its_name_or_left_empty(name, kind):
    assert owner_kind_of(name, HERE) == kind


def test_an_epci_is_known_by_its_name_its_long_name_and_its_initials(epci):
    assert {"cc nievre et somme", "communaute de communes nievre et somme", "ccns"} <= territory_of(epci).epci


def test_what_is_recognised_is_stored_and_what_is_not_is_told_on_its_line(tmp_path, epci, capsys):
    for _ in range(2):  # the second time creates nothing, and tells the same
        load(
            a_plan(
                tmp_path,
                "Crèche;;But;CCNS;;CAF de la Somme;4000;10000;;;;",
                "Atelier;;But;Le Lien;;Dupont & fils;4000;10000;;;;",
            )
        )
        said = capsys.readouterr().out
        assert "ligne 3 : maître d’ouvrage « Le Lien » : sa nature reste à préciser" in said
        assert "ligne 3 : financeur « Dupont & fils » : nature juridique non reconnue" in said
        assert "ligne 2" not in said
    nursery, workshop = Project.objects.order_by("reference")
    assert (nursery.owner_kind, workshop.owner_kind) == ("epci", "")
    assert nursery.funding_plans.get().lines.get().nature == "private"
    assert workshop.funding_plans.get().lines.get().nature == "public"


def test_what_cannot_be_read_is_kept_and_told(tmp_path, epci, capsys):
    load(a_plan(tmp_path, "Voie;;;;;Région;un peu;beaucoup;Rêvé;bientôt;;"))
    project = Project.objects.get()
    assert {"un peu", "beaucoup", "Rêvé", "bientôt", "Région"} == set(project.imported_text.values())
    assert (project.shared_objective, project.status) == ("Voie", "under_review")
    said = capsys.readouterr().out
    assert "ligne 2" in said
    assert "reprend le titre" in said


def test_a_text_too_long_for_a_sheet_is_shortened_there_and_kept_whole(tmp_path, epci, capsys):
    endless = ("Un constat sans fin, " * 600).strip()
    load(a_plan(tmp_path, f"Voie;{endless};But;;;;;;;;;"))
    project = Project.objects.get()
    project.clean_fields()
    assert project.imported_text["Descriptif"] == endless
    assert endless.startswith(project.need[:-1])
    assert project.need.endswith("…")
    assert "« Descriptif » dépasse ce qu’un texte de fiche peut tenir" in capsys.readouterr().out


def test_the_same_plan_again_creates_nothing_and_another_is_refused(tmp_path, epci):
    load(a_plan(tmp_path, "Voie;;;;;;;;;;;"))
    load(a_plan(tmp_path, "Voie;;;;;;;;;;;"))
    assert Project.objects.count() == 1
    with pytest.raises(CommandError, match="PA-001"):
        load(a_plan(tmp_path, "Autre;;;;;;;;;;;", "Encore;;;;;;;;;;;"))
    assert Project.objects.count() == 1


def test_a_dry_run_and_an_unknown_epci_change_nothing(tmp_path, epci):
    load(a_plan(tmp_path, "Voie;;;;;;;;;;;"), "--dry-run")
    with pytest.raises(CommandError, match="249600016"):
        call_command("import_projects", str(a_plan(tmp_path)), "--epci", "249600016")
    assert not Project.objects.exists()


def test_every_cell_of_a_real_plan_is_found_again(shared_data, epci):
    path = shared_data / "plans_action" / "plan_cc_nievre_et_somme.xlsx"
    load(path)
    load(path)
    projects = list(Project.objects.order_by("reference"))
    assert len(projects) == 46
    lines = [cells for line, cells in read_cells(path, "Fichier dimport") if line > 3 and any(cells)]
    for project, cells in zip(projects, lines, strict=True):
        words = [project.title, project.need, project.indicators, project.resources, *project.imported_text.values()]
        words += Actor.objects.filter(project=project).values_list("name", flat=True)
        words += [f"{plan.cost:.0f}" for plan in FundingPlan.objects.filter(project=project)]
        found = " ".join(" ".join(words).split()).casefold()
        for cell in cells:
            for part in cell.replace(";", ",").replace("\n", ",").split(","):
                assert " ".join(part.split()).strip(" -•").casefold() in found


@pytest.mark.parametrize("suffix", ["xlsx", "ods"])
def test_the_empty_model_does_no_harm(shared_data, epci, suffix):
    load(shared_data / "plans_action" / f"modele_import_plan_action.{suffix}")
    assert Project.objects.count() <= 1
