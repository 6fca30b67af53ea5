"""The simulator: what would come of a consultation before it is launched, and who holds the key."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from territories.consultations.outcome import Outcome, Voice, counts_as_favourable, electorate_of, judge
from territories.consultations.procedures import Position, Procedure


@dataclass(frozen=True)
class Simulation:
    """The outcome of the positions supposed, and the coalitions that decide.

    `winning` is the smallest number of communes that carries the decision (the most populous ones), `small_winning`
    the coalition met when the smallest communes join first, `blocking` the smallest number whose refusal suffices;
    `still_needed` completes the positions supposed (None: nothing can).
    """

    outcome: Outcome
    winning: tuple[Voice, ...] = ()
    small_winning: tuple[Voice, ...] = ()
    blocking: tuple[Voice, ...] = ()
    still_needed: tuple[Voice, ...] | None = ()


def simulate(procedure: Procedure, voices: Sequence[Voice]) -> Simulation:
    """Judge the positions supposed; sorting the communes once is all it takes, whatever their number."""
    outcome = judge(procedure, voices)
    if procedure.majority is None:
        return Simulation(outcome)
    electorate = electorate_of(procedure, voices)
    by_code = {voice.code: voice for voice in voices}

    def named(codes: Collection[str] | None) -> tuple[Voice, ...] | None:
        return None if codes is None else tuple(by_code[code] for code in codes)

    agreeing = {voice.code for voice in voices if counts_as_favourable(procedure, voice.position)}
    return Simulation(
        outcome,
        winning=named(electorate.fewest_to_win((), by_code)) or (),
        small_winning=named(electorate.smallest_to_win((), by_code)) or (),
        blocking=named(electorate.fewest_to_block()) or (),
        still_needed=named(electorate.fewest_to_win(agreeing, set(by_code) - agreeing)),
    )


def suppose(voices: Sequence[Voice], *, favourable: Collection[str], unfavourable: Collection[str]) -> list[Voice]:
    """The same communes with the positions supposed; those not named are silent."""

    def position_of(code: str) -> Position:
        if code in favourable:
            return Position.FAVOURABLE
        return Position.UNFAVOURABLE if code in unfavourable else Position.SILENT

    return [replace(voice, position=position_of(voice.code)) for voice in voices]
