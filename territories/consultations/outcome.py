"""What comes of a consultation: the positions counted by the rule of its procedure, and the reasons in plain French."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from cooperation.french import counted, number, percent, plural
from territories.consultations.majorities import Electorate
from territories.consultations.procedures import Asked, Position, Procedure, Silence

# How the ways to a majority are named, by how many there are.
WAYS = {1: ("Condition",), 2: ("Première majorité possible", "Seconde majorité possible")}


@dataclass(frozen=True)
class Voice:
    """One commune asked: its inhabitants (PTOT, of the year frozen with the procedure) and its position."""

    code: str
    name: str
    inhabitants: int
    position: Position


@dataclass(frozen=True)
class Tally:
    """Communes and inhabitants behind one answer."""

    communes: int
    inhabitants: int


@dataclass(frozen=True)
class Test:
    """One branch of the majority, with what it needs and what it has."""

    councils_needed: int
    councils: int
    inhabitants_needed: int
    inhabitants: int

    @property
    def councils_ok(self) -> bool:
        return self.councils >= self.councils_needed

    @property
    def inhabitants_ok(self) -> bool:
        return self.inhabitants >= self.inhabitants_needed

    @property
    def holds(self) -> bool:
        return self.councils_ok and self.inhabitants_ok

    @property
    def sentence(self) -> str:
        """« 17 conseils, il en faut 15 ; 26 423 habitants, il en faut 30 527 : condition non remplie. »"""
        return (
            f"{counted(self.councils, 'conseil')}, il en faut {number(self.councils_needed)} ; "
            f"{counted(self.inhabitants, 'habitant')}, il en faut {number(self.inhabitants_needed)} : "
            f"{'condition remplie' if self.holds else 'condition non remplie'}."
        )


@dataclass(frozen=True)
class Outcome:
    """The result of a consultation, line by line."""

    accepted: bool
    total: Tally
    counted: Tally  # those counted favourable
    by_position: dict[Position, Tally]
    tests: tuple[Test, ...]
    veto_holders: tuple[Voice, ...]
    is_vetoed: bool
    reasons: tuple[str, ...]
    warnings: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain values, for the command line and for the frozen result."""
        return {
            "accepted": self.accepted,
            "counts": {
                "communes": self.total.communes,
                "counted_favourable": self.counted.communes,
                **{str(position.value): tally.communes for position, tally in self.by_position.items()},
            },
            "populations": {
                "total": self.total.inhabitants,
                "counted_favourable": self.counted.inhabitants,
                **{str(position.value): tally.inhabitants for position, tally in self.by_position.items()},
            },
            "branches": [test.holds for test in self.tests],
            "veto": self.is_vetoed,
            "veto_active": bool(self.veto_holders),
            "veto_holders": [voice.code for voice in self.veto_holders],
            "reasons": list(self.reasons),
            "warnings": list(self.warnings),
        }


def counts_as_favourable(procedure: Procedure, position: Position) -> bool:
    """Only a plain agreement, or a silence that the law holds for one; deliberations must be concordant."""
    return position == Position.FAVOURABLE or (position == Position.SILENT and procedure.silence is Silence.FAVOURABLE)


def electorate_of(procedure: Procedure, voices: Iterable[Voice]) -> Electorate:
    if procedure.majority is None:
        raise ValueError(f"« {procedure.label} » recueille des avis : aucune majorité ne s’applique.")
    return Electorate({voice.code: voice.inhabitants for voice in voices}, procedure.majority)


def judge(procedure: Procedure, voices: Sequence[Voice], *, pending: Position = Position.SILENT) -> Outcome:
    """Count the positions; those still awaited are counted as `pending` says.

    Raises ValueError when there is nobody to count, or when the procedure asks the council alone.
    """
    if procedure.asked is Asked.COUNCIL:
        raise ValueError(
            f"{procedure.label} : le conseil communautaire décide seul, les communes ne sont pas consultées."
        )
    if not voices:
        raise ValueError("Aucune commune n’est consultée.")
    voices = [replace(voice, position=pending) if voice.position == Position.PENDING else voice for voice in voices]
    favourable = [voice for voice in voices if counts_as_favourable(procedure, voice.position)]
    total, counted = tally_of(voices), tally_of(favourable)
    by_position: dict[Position, Tally] = {
        position: tally_of([voice for voice in voices if voice.position == position])
        for position in Position
        if position != Position.PENDING
    }
    if procedure.majority is None:
        opinions = (sentence_of_opinions(procedure, by_position), "Ces avis ne lient pas le conseil communautaire.")
        return Outcome(True, total, counted, by_position, (), (), False, opinions)
    electorate = electorate_of(procedure, voices)
    agreeing = {voice.code for voice in favourable}
    tests = tuple(
        Test(councils, counted.communes, inhabitants, counted.inhabitants)
        for councils, inhabitants in electorate.thresholds
    )
    holders = tuple(voice for voice in voices if voice.code in electorate.veto_holders)
    accepted = electorate.accepts(agreeing)
    return Outcome(
        accepted=accepted,
        total=total,
        counted=counted,
        by_position=by_position,
        tests=tests,
        veto_holders=holders,
        is_vetoed=any(voice.code not in agreeing for voice in holders),
        reasons=tuple(reasons_of(procedure, total, counted, by_position, tests, holders, agreeing, accepted)),
        warnings=tuple(warnings_of(voices, electorate, agreeing, holders, accepted)),
    )


def tally_of(voices: Sequence[Voice]) -> Tally:
    return Tally(len(voices), sum(voice.inhabitants for voice in voices))


def share_of(part: int, whole: int) -> str:
    """« 57,70 % »; for reading only, nothing is decided on a percentage."""
    return percent(Decimal(100 * part) / whole, 2) if whole else "aucun habitant"


def sentence_of_opinions(procedure: Procedure, by_position: dict[Position, Tally]) -> str:
    said = (
        f"{counted(tally.communes, 'commune')} : {position.label}"
        for position, tally in by_position.items()
        if tally.communes
    )
    return f"Avis recueillis ({procedure.silence_told}) : {' ; '.join(said)}."


def reasons_of(
    procedure: Procedure,
    total: Tally,
    favourable: Tally,
    by_position: dict[Position, Tally],
    tests: Sequence[Test],
    holders: Sequence[Voice],
    agreeing: set[str],
    accepted: bool,
) -> Iterable[str]:
    """The result explained line by line, from who counts to what is decided."""
    silent = by_position[Position.SILENT].communes
    if silent:
        yield f"{counted(silent, 'commune')} sans délibération : {procedure.silence_told} ({procedure.article})."
    yield (
        f"{counted(favourable.communes, 'commune')} sur {number(total.communes)} "
        f"{'sont comptées favorables' if favourable.communes > 1 else 'est comptée favorable'}, "
        f"pour {counted(favourable.inhabitants, 'habitant')} sur {number(total.inhabitants)} "
        f"({share_of(favourable.inhabitants, total.inhabitants)} de la population totale)."
    )
    for way, test in zip(WAYS[len(tests)], tests, strict=True):
        yield f"{way} : {test.sentence}"
    for holder in holders:
        agreement = "son accord est nécessaire, et il " + ("est acquis" if holder.code in agreeing else "manque")
        share = share_of(holder.inhabitants, total.inhabitants)
        yield f"{holder.name} compte plus du quart de la population ({share}) : {agreement}."
    if accepted:
        yield f"Résultat : accepté. {procedure.effect}"
    elif any(test.holds for test in tests):
        yield "Résultat : rejeté, faute de l’accord de la commune la plus peuplée."
    else:
        yield "Résultat : rejeté, la majorité n’est pas atteinte."


def warnings_of(
    voices: Sequence[Voice], electorate: Electorate, agreeing: set[str], holders: Sequence[Voice], accepted: bool
) -> Iterable[str]:
    """What the law leaves unclear, said with what it would change."""
    unclear = {voice.code for voice in voices if voice.position in {Position.RESERVED, Position.NO_POSITION}}
    if unclear:
        same = electorate.accepts(agreeing | unclear) == accepted
        yield (
            f"À vérifier : {counted(len(unclear), 'délibération')} avec réserve ou sans position, faute d’accord franc "
            f"hors du compte. Les compter favorables {'ne changerait rien' if same else 'changerait le résultat'}."
        )
    if len(holders) > 1:
        yield "Deux communes sont les plus peuplées à égalité : la loi ne tranche pas, l’accord des deux est exigé ici."


@dataclass(frozen=True)
class Progress:
    """Where a consultation under way stands: what is certain, and what the communes still awaited can change."""

    if_silent: Outcome
    if_opposed: Outcome
    if_favourable: Outcome
    awaited: tuple[Voice, ...]
    pivotal: tuple[Voice, ...]  # those whose answer may still change the outcome
    missing: tuple[Voice, ...] | None  # the fewest awaited communes whose agreement would settle it
    decides: bool = True  # False: opinions, which bind nobody

    @property
    def is_certain(self) -> bool:
        return self.if_opposed.accepted == self.if_favourable.accepted

    @property
    def sentence(self) -> str:
        """The state of the consultation in one sentence."""
        if not self.awaited:
            return "Toutes les communes ont répondu ou laissé passer leur délai."
        if not self.decides:
            awaited = counted(len(self.awaited), "commune")
            return f"Avis attendus : {awaited}. Ces avis ne lient pas le conseil communautaire."
        if self.is_certain:
            word = "accepté" if self.if_opposed.accepted else "rejeté"
            return f"Le résultat est acquis : {word}, quoi que disent les communes encore attendues."
        word = "accepté" if self.if_silent.accepted else "rejeté"
        return (
            f"Rien n’est joué : {counted(len(self.awaited), 'commune peut', 'communes peuvent')} encore répondre. "
            f"{plural(len(self.awaited), 'Si elle garde', 'Si elles gardent toutes')} le silence, "
            f"le résultat sera « {word} »."
        )


def follow(procedure: Procedure, voices: Sequence[Voice]) -> Progress:
    """Judge a consultation under way three times, and find the communes that still matter."""
    awaited = tuple(voice for voice in voices if voice.position == Position.PENDING)
    if_silent = judge(procedure, voices)
    if_opposed = judge(procedure, voices, pending=Position.UNFAVOURABLE)
    if_favourable = judge(procedure, voices, pending=Position.FAVOURABLE)
    pivotal: tuple[Voice, ...] = ()
    missing: tuple[Voice, ...] | None = ()
    if procedure.majority is not None and awaited:
        electorate = electorate_of(procedure, voices)
        agreeing = {voice.code for voice in voices if counts_as_favourable(procedure, voice.position)}
        codes = {voice.code for voice in awaited}
        by_code = {voice.code: voice for voice in awaited}
        if if_opposed.accepted != if_favourable.accepted:
            pivotal = tuple(voice for voice in awaited if electorate.is_pivotal(voice.code, agreeing, codes))
        found = electorate.fewest_to_win(agreeing, codes)
        missing = None if found is None else tuple(by_code[code] for code in found)
    decides = procedure.majority is not None
    return Progress(if_silent, if_opposed, if_favourable, awaited, pivotal, missing, decides)
