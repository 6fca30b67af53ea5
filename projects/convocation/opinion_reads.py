"""What is shown of the opinions of the members: the last word of each, what they said before, and the count."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from cooperation.alphabetical import Alphabetical
from cooperation.french import date_fr
from projects.convocation.opinion_models import MemberOpinion
from projects.deliberation.models import Session

BADGES = {
    MemberOpinion.Position.FAVOURABLE: "good",
    MemberOpinion.Position.RESERVED: "watch",
    MemberOpinion.Position.UNFAVOURABLE: "alert",
}

PLURALS = {
    MemberOpinion.Position.FAVOURABLE.label: "Favorables",
    MemberOpinion.Position.RESERVED.label: "Favorables avec réserves",
    MemberOpinion.Position.UNFAVOURABLE.label: "Défavorables",
}


@dataclass(frozen=True)
class Line:
    """The opinion of one member, in words."""

    who: str
    capacity: str
    label: str
    badge: str
    words: str
    when: str
    has_changed: bool  # the text has changed since
    former: Sequence[str] = field(default_factory=list)


def opinions_in(session: Session) -> dict[int, list[Line]]:
    """The opinions given before a session, by project, in one query; the order of names, never that of positions."""
    rows = (
        MemberOpinion.objects.filter(session=session)
        .select_related("member", "project")
        .order_by(Alphabetical("member__full_name"), "member", "number")
    )
    by_project: dict[int, dict[int, list[MemberOpinion]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        by_project[row.project_id][row.member_id].append(row)
    return {project: [line_of(said) for said in members.values()] for project, members in by_project.items()}


def line_of(said: Sequence[MemberOpinion]) -> Line:
    last = said[-1]
    changed = last.project_version != last.project.version
    after = ", sur un texte qui a changé depuis" if changed else ""
    return Line(
        who=str(last.member),
        capacity=last.capacity,
        label=last.get_position_display(),
        badge=BADGES[MemberOpinion.Position(last.position)],
        words=last.words,
        when=f"Donné le {date_fr(day_of(last))}{after}",
        has_changed=changed,
        former=[
            f"{one.get_position_display()}, le {date_fr(day_of(one))}{f' : {one.words}' if one.words else ''}"
            for one in said[:-1]
        ],
    )


def day_of(opinion: MemberOpinion) -> date:
    return timezone.localdate(opinion.given_at)


def count_said(lines: Iterable[Line]) -> str:
    """« 3 avis : 2 favorables, 1 défavorable »; nothing while nobody spoke."""
    counts = Counter(line.label for line in lines)
    if not counts:
        return ""
    told = ", ".join(
        f"{counts[label]} {(PLURALS[label] if counts[label] > 1 else label).lower()}"
        for label in MemberOpinion.Position.labels
        if counts[label]
    )
    return f"{sum(counts.values())} avis : {told}"
