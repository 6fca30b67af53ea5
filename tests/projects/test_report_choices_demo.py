"""Chapters and projects chosen for the document of the demo territory."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.utils import timezone

from partners.models import Body, Partner, User
from projects.models import (
    AgendaItem,
    Decision,
    Orientation,
    Project,
    Publication,
    Session,
    Status,
    StrategyNode,
    TerritorialPlan,
)
from projects.report.choices import FOR_EVERYONE, PRINTABLE, Audience, Chapter
from projects.report.documents import report_document
from projects.report.open_data import open_data
from projects.report.versions import compare, facts_of
from projects.totals.models import Group, Kind
from projects.totals.reads import sums_seen
from territories.models import Commune
from tests.projects.test_report_choices import read, words_of

pytestmark = pytest.mark.django_db


def test_only_the_chapters_chosen_are_printed_and_named_in_the_contents(demo_territory):
    chosen = (Chapter.TERRITORY, Chapter.PROGRAMME, Chapter.FUNDERS, Chapter.EFFECTS)
    parts = report_document(read(demo_territory, chapters=chosen)).parts
    names = [part.name for part in parts]
    assert names[:2] == ["la couverture", "le sommaire"]
    assert "« Le territoire en chiffres »" in names
    assert [name for name in names if "fiche" in name or "Comment lire" in name] == []
    assert [chapter.label in parts[1].html for chapter in chosen] == [True] * len(chosen)
    assert "Comment lire" not in parts[1].html


def test_two_chapters_are_found_without_a_table_of_contents(demo_territory):
    report = read(demo_territory, chapters=(Chapter.TERRITORY, Chapter.FUNDERS))
    names = [part.name for part in report_document(report).parts]
    assert names == ["la couverture", "« Le territoire en chiffres »", "« Les financeurs » et l’achevé d’imprimer"]


def test_a_public_document_has_only_adopted_projects(demo_territory):
    assert {s.status for s in read(demo_territory, audience=Audience.PUBLIC).sheets} <= {s.label for s in FOR_EVERYONE}
    assert len(read(demo_territory, audience=Audience.PUBLIC).sheets) < len(read(demo_territory).sheets)


def test_an_adoption_is_in_no_public_document_before_it_is_published(demo_territory):
    project = Project.objects.exclude(status__in=FOR_EVERYONE).filter(submitted_at__isnull=False).first()
    project.status = Status.ADOPTED
    project.save()
    yesterday, today = timezone.localdate() - timedelta(days=1), timezone.now()
    told = {"intercommunality": demo_territory, "body": Body.objects.get(kind="council")}
    session = Session.objects.create(held_on=yesterday, state="closed", **told)
    item = AgendaItem.objects.create(intercommunality=demo_territory, session=session, project=project)

    def printed(**choices):
        found = read(demo_territory, audience=Audience.PUBLIC, **choices)
        return project.reference in {sheet.reference for sheet in found.sheets}

    def is_open():
        rows = json.loads(b"".join(open_data(Project.objects.all(), demo_territory)))["projets"]
        return project.title in {row["nom"] for row in rows}

    assert printed() and is_open()  # adopted without any decision here, as what is taken over from the past
    Decision.objects.create(
        intercommunality=demo_territory, item=item, outcome="adopted", proclaimed_at=today - timedelta(days=1)
    )
    assert not printed() and not is_open()
    assert project.reference in {sheet.reference for sheet in read(demo_territory).sheets}  # the internal one has it
    Publication.objects.create(intercommunality=demo_territory, session=session, published_at=today)
    assert printed() and is_open()
    with time_machine.travel(today + timedelta(days=9)):
        assert printed(as_of=today.date().isoformat()) and not printed(as_of=yesterday.isoformat())


def test_an_extract_says_on_its_cover_and_last_page_which_projects_it_was_asked_for(demo_territory):
    asked = {
        "rientation O2 Un territoire habité, relié et réparé": {"orientation": Orientation.objects.get(code="O2").pk},
        "ommune de Fontbrune-le-Haut": {"commune": Commune.objects.get(insee_code="96012").pk},
    }
    for said, choices in asked.items():
        report = read(demo_territory, **choices)
        cover, *_, last = [part.html for part in report_document(report).parts]
        assert (said in cover, said in last) == (True, True)
        assert "Aucun projet pour l’instant" not in words_of(report)  # the plan has some, which were not chosen
        assert (str(report.sheets_count), "projets de l’extrait") in report.figures
    assert report.cover_map.highlighted == ["Fontbrune-le-Haut"]
    whole = read(demo_territory)
    assert len(whole.cover_map.highlighted) == 22
    assert "extrait" not in "".join(part.html for part in report_document(whole).parts if "fiche" not in part.name)


def test_a_long_choice_is_left_to_the_last_page(demo_territory):
    cover, *_, last = [part.html for part in report_document(read(demo_territory, states=PRINTABLE)).parts]
    labels = [state.label for state in PRINTABLE]
    assert [label in last for label in labels] == [True] * len(labels)
    assert not any(label in cover for label in labels)


def test_projects_are_chosen_by_state_commune_orientation_body_and_filter(demo_territory):
    everything = read(demo_territory).sheets
    adopted = read(demo_territory, states=(Status.ADOPTED,)).sheets
    assert {sheet.status for sheet in adopted} == {"Adopté"}
    project = Project.objects.get(reference="P23")
    commune = project.communes.first()
    chosen = read(demo_territory, commune=commune.pk).sheets
    assert "P23" in [sheet.reference for sheet in chosen]
    assert len(chosen) < len(everything)
    fit = project.orientation_fits.first()
    chosen = read(demo_territory, orientation=fit.orientation_id).sheets
    assert {s.reference for s in chosen} == {
        p.reference for p in Project.objects.filter(orientation_fits__orientation=fit.orientation_id)
    } & {s.reference for s in everything}
    body = project.agenda_items.first().session.body
    assert "P23" in [sheet.reference for sheet in read(demo_territory, body=body.pk).sheets]
    assert [s.reference for s in read(demo_territory, query="q=baignade").sheets] == ["P23"]


def test_an_extract_says_so_on_its_cover_and_in_its_title(demo_territory):
    document = report_document(read(demo_territory, query="q=baignade"))
    assert document.title.endswith("(extrait)")
    assert "extrait" in document.parts[0].html
    assert "extrait" not in report_document(read(demo_territory)).parts[0].html


def test_a_public_document_names_no_relay_person(demo_territory):
    relays = {str(a.relay) for p in Project.objects.all() for a in p.actors.select_related("relay") if a.relay}
    public, internal = words_of(read(demo_territory, audience=Audience.PUBLIC)), words_of(read(demo_territory))
    assert relays
    assert not [name for name in relays if name in public]
    assert [name for name in relays if name in internal]
    assert "Personne relais</th>" not in public


def test_axes_and_orientations_invest_what_the_pages_of_the_strategy_say(demo_territory):
    """Before tax, without what was given up, in equal parts between orientations."""
    report = read(demo_territory)
    coordinator = User.objects.get(email="dgs@ccvo.example")
    kinds = [Kind.ALL, Kind.NODE, Kind.ORIENTATION]
    kept = sums_seen(coordinator, demo_territory, kinds, [Group.EARLY, Group.ADMISSIBLE])
    axes = {node.code: node.pk for node in StrategyNode.objects.filter(level=1)}
    orientations = {one.code: one.pk for one in Orientation.objects.all()}
    assert {axis.number: axis.budget for axis in report.axes} == {
        code: Decimal(kept.of(Kind.NODE, pk).cents) / 100 for code, pk in axes.items()
    }
    assert {row.code: row.budget for row in report.orientations} == {
        code: Decimal(kept.of(Kind.ORIENTATION, pk).cents) / 100 for code, pk in orientations.items()
    }
    everything = sum(axis.budget for axis in report.axes)
    assert everything == Decimal(kept.of(Kind.ALL).cents) / 100 == Decimal(19_819_000)  # P25, rejected, left apart
    assert ("19,8 M€", "d’investissement HT") in report.figures


def test_the_indexes_say_what_the_database_says(demo_territory):
    """Read again from the rows: a partner by its name in the directory, however a project calls it."""
    report = read(demo_territory)
    expected = {"Communes": defaultdict(set), "Compétences": defaultdict(set), "Partenaires": defaultdict(set)}
    for project in Project.objects.filter(status__in=PRINTABLE):
        communes = [commune.name for commune in project.communes.all()]
        if len(communes) == 22:
            communes = ["Toutes les communes"]
        for name in communes or ["Communes non précisées"]:
            expected["Communes"][name].add(project.reference)
        for competence in project.competences.all():
            expected["Compétences"][competence.label].add(project.reference)
        for partner in Partner.objects.filter(pk__in=project.actors.values("partner")):
            expected["Partenaires"][partner.name].add(project.reference)
    found = {one.title: {name: {s.reference for s in sheets} for name, sheets in one.entries} for one in report.indexes}
    assert found == expected
    assert {row.name: {s.reference for s in row.sheets} for row in report.partners} == expected["Partenaires"]


def test_a_project_of_the_whole_territory_counts_for_each_commune_even_when_it_names_none(demo_territory):
    project = Project.objects.get(reference="P05")
    before = read(demo_territory).communes
    project.communes.clear()
    project.communes_text = ""
    project.save()
    report = read(demo_territory)
    assert report.communes == before
    [sheet] = [one for one in report.sheets if one.reference == "P05"]
    assert sheet.communes == "Les 22 communes"
    commune = Commune.objects.get(name="Coudrelle")
    assert "P05" in [one.reference for one in read(demo_territory, commune=commune.pk).sheets]
    assert "P05" in [one.reference for one in read(demo_territory, commune=commune.pk, as_of="2026-11-01").sheets]


def test_every_text_of_a_project_and_of_the_plan_is_compared_down_to_the_cents(demo_territory):
    before = facts_of(read(demo_territory))
    project = Project.objects.get(reference="P23")
    project.need += " Autrement dit."
    project.save()
    line = project.funding_plans.get(is_current=True).lines.first()
    line.amount += Decimal("0.40")
    line.save()
    project.actors.first().interests.update(text="Un autre intérêt")
    plan = TerritorialPlan.objects.get()
    plan.foreword = "D’autres mots."
    plan.save()
    told = compare(before, facts_of(read(demo_territory)))
    assert [(sheet.reference, [one.label for one in sheet.changes]) for sheet in told.changed] == [
        ("P23", ["Constat", "Intérêts", "Financement"])
    ]
    assert [(one.label, one.after) for one in told.document] == [("Avant-propos", "D’autres mots.")]


def test_the_programme_and_the_funders_add_up(demo_territory):
    report = read(demo_territory)
    assert sum(report.programme.totals) == report.programme.total
    assert report.programme.total == sum(net.spent for _, _, net in report.programme.rows)
    for funders in report.funders:
        plans = [s.funding for s in report.sheets if s.funding and s.funding.basis == funders.basis]
        assert funders.total == sum(f.amount for f in funders.rows) == sum(plan.feet[0].amount for plan in plans)
    assert {funders.basis for funders in report.funders} <= {"HT", "TTC"}


def test_the_head_of_the_chain_of_decisions_is_on_the_last_page(demo_territory):
    from projects.seal.services import heads

    [chain] = heads(demo_territory)
    last = report_document(read(demo_territory)).parts[-1]
    assert chain["head"] in last.html
    assert f"compte {chain['sequence']} enregistrements" in last.html
