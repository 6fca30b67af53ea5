"""The rules of the debate, as pure functions: when a correction is a slip of the pen, how much a file may hold."""

from __future__ import annotations

from datetime import datetime, timedelta

from cooperation.french import NBSP, counted, number

SLIP = timedelta(minutes=30)
MEGABYTE = 1024 * 1024
QUOTA = 300 * MEGABYTE  # of all the versions of all the documents of one project


def is_slip(written_at: datetime, now: datetime) -> bool:
    """Whether a correction comes soon enough to replace the text: afterwards the former one is kept beside it."""
    return now - written_at <= SLIP


def held_said(held: int) -> str:
    """How much of its room a project fills, as one says it: « moins de 1 Mo occupé sur 300 Mo »."""
    filled = "moins de 1 Mo occupé" if 0 < held < MEGABYTE else counted(-(-held // MEGABYTE), "Mo occupé", "Mo occupés")
    return f"{filled} sur {QUOTA // MEGABYTE} Mo".replace(" Mo", f"{NBSP}Mo")


def refusal_of_quota(held: int, added: int) -> str:
    """Why a file of `added` bytes does not fit beside the `held` ones, or nothing."""
    if held + added <= QUOTA:
        return ""
    left = number(max(0, QUOTA - held) // MEGABYTE)
    return (
        f"Les documents d’un projet tiennent en {QUOTA // MEGABYTE} Mo ; il reste {left} Mo pour celui-ci. "
        "Allégez le fichier, ou demandez à la coordination."
    )
