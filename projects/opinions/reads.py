"""What a page shows of the opinions on a project, read in a number of queries that does not grow with them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from cooperation.french import date_fr
from projects.opinions.access import DECIDED, may_report
from projects.opinions.models import SILENCE_TOLD, Opinion, OpinionRequest
from projects.opinions.rules import Silence, Stage, decision_said
from projects.proposals.models import Project

if TYPE_CHECKING:
    from partners.people.models import User

BADGE_OF = {
    Opinion.Position.FAVOURABLE: "good",
    Opinion.Position.RESERVED: "watch",
    Opinion.Position.UNFAVOURABLE: "alert",
    Opinion.Position.NO_OPINION: "unknown",
}
SILENCE_SAID = {
    Silence.FAVOURABLE: ("good", "Réputé favorable, par le silence"),
    Silence.UNFAVOURABLE: ("alert", "Réputé défavorable, par le silence"),
    Silence.NONE: ("unknown", "Délai passé sans réponse"),
}


@dataclass(frozen=True)
class Line:
    """An opinion asked for, as it stands on a day, in words."""

    request: OpinionRequest
    badge: str
    label: str
    when: str  # given on, or due on
    opinion: Opinion | None = None
    version: str = ""  # which version of the text it bears on
    has_changed: bool = False
    reminders: str = ""
    taken_back: list[Opinion] = field(default_factory=list)


@dataclass(frozen=True)
class Summary:
    """The opinions of the file: the lines, and how many are still awaited."""

    lines: list[Line]
    awaited: int
    is_decided: bool = False

    @property
    def sentence(self) -> str:
        if not self.lines:
            return ""
        if not self.awaited:
            return "Aucun avis n’est plus attendu."
        said = "Un avis est encore attendu." if self.awaited == 1 else f"{self.awaited} avis sont encore attendus."
        return f"{said} {decision_said(self.is_decided)}".strip()


def summary_of(project: Project, user: User, today: date) -> Summary:
    """The opinions on a project, the questions taken back last; who was told is said to the coordination."""
    lines = [line_of(one, today) for one in project.opinion_requests.with_all()]
    if not any(may_report(user, line.request) for line in lines[:1]):
        lines = [replaced(line) for line in lines]
    lines.sort(key=lambda line: line.request.withdrawn_on is not None)
    awaited = sum(line.request.stage_on(today) is Stage.AWAITED for line in lines)
    return Summary(lines, awaited, project.status in DECIDED)


def replaced(line: Line) -> Line:
    """The same line without the names of those who were told."""
    return Line(**{name: getattr(line, name) for name in Line.__dataclass_fields__ if name != "reminders"})


def line_of(request: OpinionRequest, today: date) -> Line:
    opinion, stage = request.standing_opinion, request.stage_on(today)
    taken_back = [one for one in request.opinions.all() if one.withdrawn_on]
    said = {"reminders": reminders_of(request), "taken_back": taken_back}
    if opinion is not None:
        late = ", après le délai" if opinion.given_on > request.due_on else ""
        return Line(
            request,
            BADGE_OF[Opinion.Position(opinion.position)],
            opinion.get_position_display(),
            f"Rendu le {date_fr(opinion.given_on)}{late}",
            opinion=opinion,
            **version_said(opinion.project_version, opinion.version_of, request.project),
            **said,
        )
    if stage is Stage.WITHDRAWN:
        when = f"Demande retirée le {date_fr(request.withdrawn_on)} : {request.withdrawn_reason}"
        return Line(request, "withdrawn", "Demande retirée", when, **said)
    changed = version_said(request.project_version, request.version_of, request.project, "Demandé sur")
    if stage is Stage.SILENT:
        badge, label = SILENCE_SAID[Silence(request.silence)]
        return Line(request, badge, label, f"Délai achevé le {date_fr(request.due_on)}", **changed, **said)
    when = f"À rendre au plus tard le {date_fr(request.due_on)} ; {SILENCE_TOLD[request.silence]}"
    return Line(request, "submitted", "Attendu", when, **changed, **said)


def version_said(number: int, day: date, project: Project, act: str = "Porte sur") -> dict[str, object]:
    """« Porte sur la version du … », and whether the text has changed since."""
    changed = number != project.version
    after = ". Le texte a changé depuis" if changed else ""
    return {"version": f"{act} la version du {date_fr(day)}{after}.", "has_changed": changed}


def reminders_of(request: OpinionRequest) -> str:
    """Who was told, and when each opened the page."""
    told = [
        f"{one.get_kind_display()} à {one.person_name} le {date_fr(one.told_on)}, "
        + (f"vu le {date_fr(timezone.localdate(one.seen_at))}" if one.seen_at else "pas encore vu")
        for one in request.reminders.all()
    ]
    return " ; ".join(told)
