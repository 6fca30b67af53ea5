"""Where a project stands in a circuit, and whether its turn has come, as pure functions on plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from cooperation.access import ALLOWED, Verdict
from partners.governance.circuit_rules import Facts, Step, why_kept, why_not_concerned

DECIDED = "La décision est prise."


class Mark(StrEnum):
    DONE = "done"
    PASSED_OVER = "passed_over"
    NEXT = "next"
    TO_COME = "to_come"
    UNCONCERNED = "unconcerned"
    LEFT_OUT = "left_out"


@dataclass(frozen=True)
class Said:
    """What a body proclaimed on the project: `settles` when it gave its opinion or decided, not when it put it off."""

    body: int
    settles: bool
    words: str
    referred_to: int | None = None


@dataclass(frozen=True)
class Place:
    """A step of the circuit on the path of one project, and why it stands so. `decides`: it is here that it ends."""

    step: Step
    mark: Mark
    why: str = ""
    decides: bool = False

    @property
    def waits(self) -> bool:
        return self.mark in {Mark.NEXT, Mark.TO_COME}


def communes_pay(*, own: bool, lines: Sequence[bool], actors: Iterable[bool]) -> bool | None:
    """Whether communes take part in the money: one owns the project, brings a resource, or is said to pay.

    Each resource of the plan in force, and each actor said to pay, tells whether it is a commune's. None as long as
    no resource is written: an actor who pays does not say that nobody else does.
    """
    if own or any(lines) or any(actors):
        return True
    return False if lines else None


def decider_of(steps: Sequence[Step], facts: Facts, may_decide: Mapping[int, Verdict]) -> Step | None:
    """The first deciding step whose body may decide this project; a body without the power advises instead."""
    concerned = (step for step in steps if step.is_deciding and not why_not_concerned(step, facts))
    return next((step for step in concerned if may_decide.get(step.pk, Verdict("?"))), None)


def places_of(
    steps: Sequence[Step],
    facts: Facts,
    *,
    said: Sequence[Said],
    departed: Mapping[int, str],
    may_decide: Mapping[int, Verdict],
) -> list[Place]:
    """Every step in order: done, passed over with its reason, next, to come, or not of this project.

    Once the decision is taken nothing is awaited any more.
    """
    end = decider_of(steps, facts, may_decide)
    referred = referral_of(said)
    places: list[Place] = []
    is_over = waits = False
    for step in steps:
        place = _place(step, facts, said, departed, may_decide, end, is_over=is_over)
        if place.mark == Mark.TO_COME and not waits:
            waits = True
            place = place if referred else Place(step, Mark.NEXT, place.why, place.decides)
        places.append(place)
        is_over = is_over or step is end
    if any(place.decides and place.mark == Mark.DONE for place in places):
        return [Place(place.step, Mark.LEFT_OUT, DECIDED) if place.waits else place for place in places]
    return places


def _place(
    step: Step,
    facts: Facts,
    said: Sequence[Said],
    departed: Mapping[int, str],
    may_decide: Mapping[int, Verdict],
    end: Step | None,
    *,
    is_over: bool,
) -> Place:
    spoken = [one for one in said if one.body in step.bodies and one.settles]
    if spoken:
        return Place(step, Mark.DONE, spoken[-1].words, step is end)
    if why := why_not_concerned(step, facts):
        return Place(step, Mark.UNCONCERNED, f"Ce projet n’est pas concerné : {why}.")
    if is_over:
        return Place(step, Mark.UNCONCERNED, f"La décision revient à l’étape « {end.label if end else ''} ».")
    if step.pk in departed:
        return Place(step, Mark.PASSED_OVER, departed[step.pk])
    why = may_decide[step.pk].reason if step.is_deciding and step is not end and step.pk in may_decide else ""
    told = [f"Cette instance donne ici un avis. {why}" if why else "", why_kept(step, facts)]
    return Place(step, Mark.TO_COME, " ".join(filter(None, told)), step is end)


def referral_of(said: Sequence[Said]) -> int | None:
    """The body to which the project was sent last, as long as it has not spoken."""
    last = next((one for one in reversed(said) if one.settles or one.referred_to), None)
    return last.referred_to if last else None


def turn_of(places: Sequence[Place], body: int, name: str, *, decides: bool, referred: int | None, to: str) -> Verdict:
    """Whether the turn of a body has come. An opinion may be asked at any time; a decision waits for what precedes it.

    `decides`: the body has the power to decide; `referred` and `to`: where the project was sent, if it was.
    """
    if not decides or body == referred:
        return ALLOWED
    if referred:
        return Verdict(f"Ce projet a été renvoyé à une autre instance : {to} se prononce d’abord.")
    if not places:
        return ALLOWED
    own = next((rank for rank, place in enumerate(places) if body in place.step.bodies), None)
    if own is None:
        return Verdict(f"Le circuit de ce projet ne passe pas par cette instance : {name}.")
    if places[own].mark == Mark.UNCONCERNED:
        return Verdict(f"{name} : {places[own].why}")
    before = [place.step.label for place in places[:own] if place.waits]
    if not before:
        return ALLOWED
    return Verdict(
        f"Le tour de cette instance ({name}) n’est pas venu. Il reste : {', '.join(before)}. Un avis peut être passé "
        "avec un motif écrit, depuis la page « Circuit » du projet ; une décision, jamais."
    )
