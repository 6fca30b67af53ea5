"""When a member may say what they think of an item: plain values in, one French sentence out."""

from __future__ import annotations

from enum import StrEnum


class Moment(StrEnum):
    """Where a session stands, for those who would give an opinion."""

    BEFORE = "before"  # not convened yet
    OPEN = "open"  # between the convocation and the opening
    OVER = "over"  # opened, closed or cancelled


def fault_of_opinion(moment: Moment, *, sits: bool, has_withdrawn: bool, is_decided: bool = False) -> str:
    """Why somebody may not give an opinion on an item, "" when they may.

    Who withdrew from a project, interested in it, takes no part in its examination (CGCT, art. L. 2131-11).
    """
    if not sits:
        return "Seuls les membres de l’instance donnent un avis sur ses points."
    if has_withdrawn:
        return "Vous vous êtes déporté·e de ce projet : vous ne donnez pas d’avis sur lui (CGCT, art. L. 2131-11)."
    if moment is Moment.BEFORE:
        return "Les avis des membres s’ouvrent avec la convocation."
    if moment is Moment.OVER or is_decided:
        return "La séance est ouverte ou passée : les avis écrits ne changent plus."
    return ""
