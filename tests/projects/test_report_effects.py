"""What the document and its tables say of effects: on the sheet, in the chapter, and nothing below five answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from projects.models import Project, Status, Verbatim
from projects.report.choices import Audience, Chapter, Choices
from projects.report.content import gather
from projects.report.documents import report_document
from projects.report.runs import MOST
from projects.report.tables import read_tables
from projects.report.versions import facts_of
from tests.factories import make_epci, make_indicator, make_project, make_survey

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 15)


class World:
    def __init__(self):
        self.epci = make_epci()
        self.project = make_project(self.epci, status=Status.IN_PROGRESS, title="Relais itinérant")
        self.indicator = make_indicator(self.project, value=7, measured_on=dt.date(2026, 9, 30))
        self.indicator.measurements.update(note="canariprecision")

    def read(self, **choices):
        return gather(self.epci, user=None, today=TODAY, choices=Choices(**choices))

    def words(self, **choices):
        html = report_document(self.read(**choices)).as_html()
        return html.replace("\xa0", " ")  # what holds the last two words of a line together

    def table(self, name):
        [table] = [one for one in read_tables(Project.objects.all()) if one.name == name]
        return [dict(zip(table.headers, row, strict=True)) for row in table.rows]


def test_the_sheet_says_each_indicator_in_one_line_and_the_chapter_draws_it(world):
    report = world.read()
    [(sheet, effect)] = report.effects.rows
    assert effect.sentence == "7 au 30/09/2026 (départ 1, cible 8). En chemin, 86\u202f% du chemin."
    assert (sheet.reference, effect.value, effect.value_on) == (world.project.reference, "7", "30/09/2026")
    assert (effect.way, effect.ends) == ("86\u202f%", "")
    assert report.effects.words == "1 indicateur : 1 en chemin"
    words = world.words()
    assert words.count("gauge__done") == 1
    assert "86\u202f% du chemin" in words
    make_indicator(world.project, "Emplois", baseline=None, target=Decimal("2.5"), unit="ETP")
    assert world.read().effects.rows[1][1].sentence == "pas encore mesuré (cible 2,5\u00a0ETP)."


def test_the_chapter_is_chosen_like_the_others_and_absent_when_there_is_nothing_to_say(world):
    assert "Ce que l’on mesure" in world.words(chapters=(Chapter.EFFECTS,))
    assert "Ce que l’on mesure" not in world.words(chapters=(Chapter.SHEETS,))
    Project.objects.filter(pk=world.project.pk).update(status=Status.ABANDONED)
    assert world.read().effects is None


def test_many_indicators_are_cut_in_parts_and_the_surveys_are_told_once_after_the_last(world):
    make_survey(world.project)
    report = world.read()
    many = replace(report.effects, rows=[*report.effects.rows] * (MOST + 1))
    parts = report_document(replace(report, effects=many)).parts
    told = [part.html for part in parts if "Les indicateurs, projet par projet" in part.html]
    assert [html.count('class="gauge__done"') for html in told] == [MOST, 1]
    assert [html.count('id="effects"') for html in told] == [1, 0]
    assert [html.count("Ce qu’en disent les bénéficiaires") for html in told] == [0, 1]


def test_what_was_noted_beside_a_measurement_stays_inside(world):
    assert "canariprecision" in world.words(audience=Audience.INTERNAL)
    assert "canariprecision" not in world.words(audience=Audience.PUBLIC)


def test_words_that_nobody_read_over_are_never_printed(world):
    survey = make_survey(world.project, words=["Enfin près de chez nous."])
    Verbatim.objects.create(intercommunality=world.epci, survey=survey, text="canaribrut")
    for audience in Audience.values:
        words = world.words(audience=audience)
        assert "Enfin près de chez nous." in words
        assert "4,26 sur 5" in words
        assert "canaribrut" not in words


def test_below_five_answers_neither_paper_nor_table_lets_anything_be_computed_back(world):
    make_survey(world.project, (0, 0, 1, 1, 2), sent=31, silent="canarisilence", words=["canariparole"])
    make_survey(world.project, title="Autres familles", sent=24)
    for audience in Audience.values:
        words = world.words(audience=audience)
        assert "Moins de cinq personnes ont répondu" in words
        for secret in ("4,25", "75,0", "31 personnes", "4 réponses", "canarisilence", "canariparole"):
            assert secret not in words
    masked, told = sorted(world.table("Satisfaction"), key=lambda row: row["Montré"])
    figures = ("Envois", "Réponses", *(f"Note {score}" for score in range(1, 6)), "Note moyenne", "Satisfaits (%)")
    assert {masked[name] for name in figures} == {None}
    assert [told[name] for name in figures] == [24, 19, 0, 1, 2, 7, 9, Decimal("4.26"), Decimal("84.2")]


def test_the_tables_hold_real_numbers_and_dates(world):
    [row] = world.table("Effets")
    assert (row["Départ"], row["Cible"], row["Dernière mesure"]) == (1, 8, 7)
    assert (row["Mesuré le"], row["Part du chemin (%)"]) == (dt.date(2026, 9, 30), Decimal("85.7"))
    assert row["Où il en est"] == "En chemin"


def test_a_survey_of_a_service_is_in_the_whole_document_and_not_in_an_extract(world):
    make_survey(epci=world.epci, title="Nageurs")
    assert "Nageurs" in world.words()
    assert "Nageurs" not in world.words(states=(Status.IN_PROGRESS,))


def test_two_versions_tell_a_measurement_that_moved(world):
    assert facts_of(world.read())["sheets"][world.project.reference]["effects"] == (
        "Haltes actives 7, 30/09/2026 (cible 8)"
    )
