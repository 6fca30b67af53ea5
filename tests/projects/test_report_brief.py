"""Short sheets share a page, and what a document has nothing to say of is not printed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from cooperation.drawing.timelines import Step, draw_timeline
from projects.report.choices import Choices
from projects.report.content import Axis, ObjectiveRow, Report, say_progress
from projects.report.documents import write_sheets
from projects.report.sheets import BRIEF, STEPS, Actor, Decision, Sheet


def sheet(number: int, **changes) -> Sheet:
    values = {
        "key": str(number),
        "reference": f"P{number}",
        "title": f"Projet {number}",
        "status": "En instruction",
        "axis": "",
        "objective_of_plan": "",
        "shared_objective": "Se déplacer sans deuxième voiture.",
    }
    return Sheet(**values | changes)


LONG = "x" * (BRIEF + 1)


def names(*sheets: Sheet) -> list[str]:
    return [part.name for part in write_sheets(sheets)]


def test_two_brief_sheets_share_a_page_and_keep_their_order():
    assert names(sheet(1), sheet(2), sheet(3)) == ["les fiches P1 et P2", "la fiche P3"]
    [both] = write_sheets([sheet(1), sheet(2)])
    assert both.html.index('id="fiche-1"') < both.html.index('id="fiche-2"')
    assert both.html.count("sheet--follows") == 1


def test_a_sheet_that_says_more_has_its_own_pages():
    more = sheet(2, shared_objective=LONG)
    assert names(sheet(1), more, sheet(3), sheet(4)) == ["la fiche P1", "la fiche P2", "les fiches P3 et P4"]


def test_whatever_takes_room_keeps_a_sheet_from_being_brief():
    brief = sheet(1)
    assert brief.is_brief
    assert not replace(brief, need=LONG).is_brief
    assert not replace(brief, remark="À revoir").is_brief
    assert not replace(brief, actors=[Actor(f"A{n}", "") for n in range(7)]).is_brief
    assert not replace(brief, decisions=[Decision(dt.date(2026, 9, 24), "Conseil", "Adopté")]).is_brief


def test_projects_all_in_one_state_are_not_counted_twice():
    assert say_progress([sheet(1), sheet(2)]) == "2 projets, tous en instruction"
    assert say_progress([sheet(1)]) == "1 projet, en instruction"
    assert say_progress([sheet(1), sheet(2), sheet(3, status="Adopté")]) == "3 projets : 2 en instruction, 1 adopté"


def test_an_extract_leaves_out_the_axes_of_which_it_holds_nothing():
    def axis(number: str, *sheets: Sheet) -> Axis:
        return Axis(f"axe-{number}", number, "Axe", "Titre", "", [ObjectiveRow("Objectif", sheets)], sheets)

    axes = [axis("1", sheet(1)), axis("2")]
    blank = dict.fromkeys(("name", "name_in_sentence", "plan", "foreword", "mandate", "population", "communes"), "")
    blank |= {"printed_on": dt.date(2026, 11, 15), "orientations": (), "figures": (), "cover_map": None}
    whole = Report(**blank, territory_map=None, axes=axes)
    assert whole.printed_axes == axes
    assert replace(whole, choices=Choices(states=("adopted",))).printed_axes == axes[:1]
    assert replace(whole, choices=Choices(chapters=())).printed_axes == []


def with_steps(*labels: str) -> Sheet:
    day = dt.date(2026, 1, 1)
    steps = [Step(day + dt.timedelta(days=n), label) for n, label in enumerate(labels)]
    return sheet(1, timeline=draw_timeline(steps, title="Le parcours", today=day, width=648))


def test_steps_stand_in_two_lists_of_one_height_and_keep_their_order():
    """One that takes four lines stands for four; one more goes to the first list."""
    even, odd, tall = with_steps(*"abcd"), with_steps(*"abcde"), with_steps("x" * 190, *"bcde")
    assert [["".join(point.label[0] for point in points) for points in one.way] for one in (even, odd, tall)] == [
        ["ab", "cd"],
        ["abc", "de"],
        ["x", "bcde"],
    ]


def test_many_steps_stand_in_one_list_that_a_page_may_cut():
    many = with_steps(*("étape",) * (STEPS + 1))
    assert [len(points) for points in many.way] == [STEPS + 1]
    assert [len(points) for points in with_steps(*("étape",) * STEPS).way] == [STEPS / 2, STEPS / 2]
