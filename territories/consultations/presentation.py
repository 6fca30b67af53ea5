"""A consultation as it is read, on screen and in print: its state on a day, its answers, its result explained."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from cooperation.drawing.bars import Bar, Share, draw_bar
from cooperation.french import counted, date_fr, listed, number, percent, plural, with_de
from territories.consultations.models import Answer, Consultation, Stage
from territories.consultations.outcome import Outcome, Progress, Voice, follow
from territories.consultations.procedures import Asked, Position, Procedure

FAMILIES = {
    Position.FAVOURABLE: 1,
    Position.UNFAVOURABLE: 4,
    Position.RESERVED: 2,
    Position.NO_POSITION: 2,
    Position.SILENT: 3,
    Position.PENDING: 5,
}
BADGES = {
    Stage.PREPARED: "draft",
    Stage.RUNNING: "in_progress",
    Stage.OVER: "watch",
    Stage.CLOSED: "unknown",
    Stage.ABANDONED: "abandoned",
}


@dataclass(frozen=True)
class Line:
    """One commune in the table of answers."""

    answer: Answer
    share: str
    position: str
    is_awaited: bool
    is_pivotal: bool


@dataclass(frozen=True)
class Case:
    """One way the consultation may end."""

    supposition: str
    result: str
    communes: int
    inhabitants: int


@dataclass(frozen=True)
class AnswerBar:
    """A bar of the answers and its figures."""

    title: str
    key: str
    bar: Bar
    rows: list[tuple[str, str, str]]
    headers: tuple[str, ...] = ("Réponse", "Nombre", "Part")


@dataclass(frozen=True)
class Situation:
    """Where a consultation stands on a day."""

    day: date
    stage: Stage
    badge: str
    badge_label: str
    progress: Progress | None
    lines: list[Line]
    cases: list[Case]
    outcome: Outcome | None
    bars: list[AnswerBar]
    answered: int
    next_due_on: date | None

    @property
    def asked(self) -> int:
        return len(self.lines)


def word_of(position: Position, procedure: Procedure) -> str:
    """How a position reads for this procedure."""
    return {Position.FAVOURABLE: procedure.yes, Position.UNFAVOURABLE: procedure.no}.get(position, position.label)


def situation_on(consultation: Consultation, day: date) -> Situation:
    """Read the state of a consultation on a day, from the answers prefetched with it."""
    procedure, answers = consultation.procedure, list(consultation.answers.all())
    stage = consultation.stage_on(day)
    voices = {answer.pk: answer.voice_on(day) for answer in answers}
    decides = procedure.asked is not Asked.COUNCIL and bool(answers)
    progress = follow(procedure, list(voices.values())) if decides else None
    pivotal = {voice.code for voice in progress.pivotal} if progress else set()
    total = sum(answer.inhabitants for answer in answers)
    lines = [
        Line(
            answer,
            percent(Decimal(100 * answer.inhabitants) / total, 2) if total else "",
            word_of(voices[answer.pk].position, procedure),
            voices[answer.pk].position == Position.PENDING,
            answer.commune.insee_code in pivotal,
        )
        for answer in answers
    ]
    awaited = [line.answer for line in lines if line.is_awaited]
    badge, label = badge_of(consultation, stage)
    return Situation(
        day=day,
        stage=stage,
        badge=badge,
        badge_label=label.capitalize(),
        progress=progress,
        lines=lines,
        cases=cases_of(progress) if progress and progress.decides and stage is Stage.RUNNING else [],
        outcome=progress.if_silent if progress else None,
        bars=bars_of(list(voices.values()), procedure),
        answered=sum(1 for answer in answers if answer.position),
        next_due_on=min((answer.due_on for answer in awaited if answer.due_on), default=None),
    )


def badge_of(consultation: Consultation, stage: Stage) -> tuple[str, str]:
    """The badge of a consultation and its words: its result once closed, its stage before."""
    if stage is not Stage.CLOSED:
        return BADGES[stage], stage.label
    if consultation.result.get("standing"):
        return ("adopted" if consultation.accepted else "watch"), consultation.result["standing"]
    if consultation.procedure.majority is None:
        return "completed", "avis recueillis"
    return ("adopted", "acceptée") if consultation.accepted else ("rejected", "rejetée")


def cases_of(progress: Progress) -> list[Case]:
    """The three ways it may end: by silence, by refusals, by agreements."""
    told = (
        ("Si les communes attendues gardent le silence", progress.if_silent),
        ("Si elles refusent toutes", progress.if_opposed),
        ("Si elles acceptent toutes", progress.if_favourable),
    )
    return [
        Case(
            supposition,
            "accepté" if outcome.accepted else "rejeté",
            outcome.counted.communes,
            outcome.counted.inhabitants,
        )
        for supposition, outcome in told
    ]


def bars_of(voices: list[Voice], procedure: Procedure) -> list[AnswerBar]:
    """The answers as two bars, by communes and by inhabitants, each with the rows of its figures."""
    bars = []
    for title, key, weigh in (
        ("Réponses, en communes", "communes", lambda voice: 1),
        ("Réponses, en habitants (population totale)", "habitants", lambda voice: voice.inhabitants),
    ):
        shares = [
            Share(
                word_of(position, procedure).capitalize(),
                Decimal(sum(weigh(voice) for voice in voices if voice.position == position)),
                family,
            )
            for position, family in FAMILIES.items()
        ]
        if bar := draw_bar(shares, title=title):
            rows = [
                (f"{segment.number}. {segment.name}", number(segment.amount), percent(segment.percent))
                for segment in bar.segments
            ]
            bars.append(AnswerBar(title, key, bar, rows))
    return bars


def sentence_of(consultation: Consultation, situation: Situation) -> str:
    """The state in one sentence, for a list."""
    if situation.stage is Stage.PREPARED:
        return "Les communes ne sont pas encore notifiées."
    if situation.stage is Stage.RUNNING:
        due = f" ; prochaine échéance le {date_fr(situation.next_due_on)}" if situation.next_due_on else ""
        answered = counted(situation.answered, "réponse") if situation.answered else "Aucune réponse"
        return f"{answered} sur {counted(situation.asked, 'commune')}{due}."
    if situation.stage is Stage.OVER:
        return "Tous les délais sont écoulés : la consultation peut être close."
    if situation.stage is Stage.ABANDONED:
        return f"Abandonnée le {date_fr(consultation.abandoned_on)}."
    return f"Close le {date_fr(consultation.closed_on)}."


def awaited_of(situation: Situation, communes: Collection[int]) -> list[Answer]:
    """Those of these communes whose council was notified and has still to answer."""
    if situation.stage is not Stage.RUNNING:
        return []
    awaited = [line.answer for line in situation.lines if line.is_awaited and line.answer.commune_id in communes]
    return [one for one in awaited if one.notified_on and one.notified_on <= situation.day]


def said_of_way(answer: Answer, clerks: Sequence[str]) -> str:
    """A council answers by deliberating, and nobody in its name here: the clerks write down what it sent them."""
    opens, closes = answer.consultation.window_opens_on, date_fr(answer.due_on)
    when = f"entre le {date_fr(opens)} et le {closes}" if opens else f"au plus tard le {closes}"
    council = f"Le conseil municipal {with_de(answer.commune.name, answer.commune.tncc)}"
    record = plural(len(clerks), "l’enregistre", "l’enregistrent")
    by = f" : {listed(clerks)} {record}" if clerks else ", qui l’enregistre"
    return f"{council} délibère {when}, puis la commune envoie sa délibération à l’intercommunalité{by} ici."
