"""What the dates of an opinion asked for say: awaited, given, silent; who may take back what, until when.

Plain values in, plain values out: the day is always given.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from cooperation.french import date_fr
from cooperation.workdays import add_working_days, working_days_between
from territories.consultations.deadlines import months_after

REMIND_BEFORE = 5  # working days before the deadline, then one
LAST_CALL = 1


class Stage(StrEnum):
    """Where an opinion asked for stands on a day."""

    AWAITED = "awaited"
    GIVEN = "given"
    SILENT = "silent"
    WITHDRAWN = "withdrawn"


class Silence(StrEnum):
    """What saying nothing before the deadline means."""

    FAVOURABLE = "favourable"
    NONE = "none"
    UNFAVOURABLE = "unfavourable"


class Reminder(StrEnum):
    """What one person may be told about one opinion, each once."""

    ASKED = "asked"
    SOON = "soon"
    LAST = "last"


def due_date(asked_on: date, working_days: int, department: str = "", *, months: int | None = None) -> date:
    """The last day to answer: so many working days after the day of the question, which does not count.

    A delay that a text counts in months runs from day to day, whatever the holidays (three for CGCT, L. 5211-57).
    """
    if months:
        return months_after(asked_on, months)
    return add_working_days(asked_on, working_days, department)


def stage_on(today: date, *, due_on: date, is_given: bool, is_withdrawn: bool) -> Stage:
    """The deadline is included: silence is a fact from the day after."""
    if is_withdrawn:
        return Stage.WITHDRAWN
    if is_given:
        return Stage.GIVEN
    return Stage.SILENT if today > due_on else Stage.AWAITED


def reminder_on(today: date, *, due_on: date, department: str = "") -> Reminder:
    """What is due on a day before the deadline: the call of five working days ahead, of one day, or the question."""
    left = working_days_between(today, due_on, department)
    if left <= LAST_CALL:
        return Reminder.LAST
    return Reminder.SOON if left <= REMIND_BEFORE else Reminder.ASKED


def refusal_to_withdraw_request(today: date, *, due_on: date, silence: Silence, is_given: bool) -> str:
    """A question is taken back while nobody answered it, and while silence has not answered in its place."""
    if is_given:
        return "Un avis a été rendu : la demande ne se retire plus."
    if today > due_on and silence is not Silence.NONE:
        return f"Le délai s’est achevé le {date_fr(due_on)} et le silence vaut réponse : la demande ne se retire plus."
    return ""


def withdrawal_said(due_on: date, today: date) -> str:
    """The rule of `refusal_to_withdraw_opinion`, told to whoever is about to give an opinion."""
    until = f"jusqu’au {date_fr(due_on)}, et encore après " if today <= due_on else ""
    return (
        f"Vous pourrez retirer cet avis {until}tant que le texte du projet n’a pas changé. "
        "Une fois la décision prise, il ne se retire plus."
    )


def lateness_said(due_on: date, today: date) -> str:
    """What whoever may still give an opinion reads once its delay has passed: silence closes no door."""
    if today <= due_on:
        return ""
    return "Un avis rendu après le délai est encore accepté : il est versé au dossier, où il est dit qu’il vient après."


def decision_said(is_decided: bool) -> str:
    """What those who ask and answer read once the élus have decided: an opinion enlightens no decision any more."""
    if not is_decided:
        return ""
    return "Ce projet a déjà été adopté : un avis rendu maintenant est versé au dossier et ne change pas la décision."


def refusal_to_withdraw_opinion(today: date, *, due_on: date, has_text_changed: bool, is_decided: bool) -> str:
    """An opinion is taken back before the deadline, or while the text it bears on is unchanged; never once decided."""
    if is_decided:
        return "Les élus ont décidé après avoir lu cet avis : il ne se retire plus."
    if today > due_on and has_text_changed:
        return (
            f"Le délai s’est achevé le {date_fr(due_on)} et le texte a changé depuis : "
            "cet avis reste celui de la version lue."
        )
    return ""
