"""The convergence of a project as one person may read it: voices, links, matrix, next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db.models import Prefetch, QuerySet

from cooperation.drawing.matrix import Mark, draw_matrix
from cooperation.french import listed, uncapitalized
from projects.convergence.access import may_facilitate, may_state_for
from projects.convergence.forms import LinkForm
from projects.convergence.rules import (
    Group,
    Link,
    LinkKind,
    Standing,
    Voice,
    converges,
    next_step,
    standing_said,
    standings_of,
)
from projects.proposals.actor_models import Actor, Interest
from projects.proposals.models import Project
from projects.proposals.sharing import answer_said
from projects.proposals.states import OVER

if TYPE_CHECKING:
    from partners.people.models import User

OBJECTIVE = "Objectif partagé"
SHARES = Mark("✓", "partage l’objectif", 1)
DECLINES = Mark("✕", "ne le partage pas encore", 4)
AWAITED = Mark("?", "réponse attendue", 0)
NO_VOICE = Mark("–", uncapitalized(answer_said(None, has_voice=False)), 0)
MARKS = {
    LinkKind.COMMON: Mark("=", "intérêts communs", 1),
    LinkKind.CROSSED: Mark("⇄", "intérêts croisés", 2),
    LinkKind.COMPLEMENTARY: Mark("+", "intérêts complémentaires", 3),
    LinkKind.ANTAGONISTIC: Mark("!", "intérêts antagonistes", 4),
}
GRAVITY = (LinkKind.ANTAGONISTIC, LinkKind.CROSSED, LinkKind.COMPLEMENTARY, LinkKind.COMMON)  # what a cell shows first


def readable_interests(project: Project, user: User) -> QuerySet[Interest]:
    """What the actors of the project let this person read."""
    return (
        Interest.objects.visible_to(user)
        .filter(actor__project=project)
        .select_related("actor")
        .order_by("actor__position", "pk")
    )


def group_of(actor: Actor) -> Group:
    if actor.commune_id:
        return Group.COMMUNES
    if actor.is_intercommunality:
        return Group.EPCI
    return Group.PARTNERS if actor.has_voice else Group.OTHERS


def page_of(project: Project, user: User) -> dict[str, Any]:
    """Everything the page shows, in a number of queries that does not grow with the actors.

    An interest that its actor keeps to itself counts as stated, and is neither shown nor compared here.
    """
    actors = list(
        project.actors.select_related("commune", "partner").prefetch_related(
            Prefetch("interests", Interest.objects.only("pk", "actor_id"), to_attr="stated"), "endorsements"
        )
    )
    interests = list(readable_interests(project, user))
    shown = {interest.pk for interest in interests}
    links = [
        link
        for link in project.interest_links.select_related("first__actor", "second__actor")
        if {link.first_id, link.second_id} <= shown
    ]
    voices = [voice_of(actor, project) for actor in actors]
    pairs = [Link(link.first.actor_id, link.second.actor_id, LinkKind(link.kind)) for link in links]
    matrix, rows = matrix_of(voices, pairs)
    facilitates = may_facilitate(user, project)
    for actor in actors:
        actor.project = project
    own = [actor for actor in actors if actor.has_voice and may_state_for(user, actor)]
    is_over = project.status in OVER  # nobody is asked anything more
    return {
        "project": project,
        "groups": groups_of(voices, is_over=is_over),
        "silent": listed([one.name for one in voices if not one.has_interest], most=12),
        "converges": converges(voices, pairs),
        "next_step": said_at_the_end(project) if is_over else next_step(voices, pairs, own={one.pk for one in own}),
        "to_state": [] if is_over else [actor for actor in own if not actor.stated],
        "matrix": matrix,
        "matrix_headers": ["Acteur", OBJECTIVE, "Rapports avec les autres"],
        "matrix_rows": rows,
        # For whom one speaks comes first: nobody looks for their own card.
        "lines": sorted((line_of(one, interests, user) for one in actors), key=lambda line: not line["may_state"]),
        "links": sorted(links, key=lambda link: (GRAVITY.index(LinkKind(link.kind)), link.pk)),
        "facilitates": facilitates,
        "link_form": LinkForm(interests=readable_interests(project, user)) if facilitates else None,
        "versions": project.objective_versions.all(),
    }


def said_at_the_end(project: Project) -> str:
    state = project.get_status_display()
    return f"Ce projet est à l’état « {state} » : plus rien n’est demandé à ses acteurs. Ce qu’ils ont dit reste ici."


def groups_of(voices: list[Voice], *, is_over: bool) -> list[dict[str, str]]:
    """Where each group stands on the objective, and who in it has not answered, or does not share it yet."""
    told = []
    for group, standing in standings_of(voices).items():
        if standing == Standing.ABSENT or group == Group.OTHERS:
            continue
        answer = {Standing.AWAITED: None, Standing.DIVIDED: False, Standing.AGREES: True}[standing]
        who = [voice.name for voice in voices if voice.group == group and voice.endorses == answer]
        words = standing_said(standing, (voice for voice in voices if voice.group == group))
        if is_over and standing == Standing.AWAITED:
            words = "sans réponse"
        told.append({"label": group.label, "words": words, "standing": standing.value, "who": listed(who)})
    return told


def voice_of(actor: Actor, project: Project) -> Voice:
    given = next((e for e in actor.endorsements.all() if e.objective_version == project.objective_version), None)
    return Voice(actor.pk, actor.name, group_of(actor), given.endorses if given else None, bool(actor.stated))


def line_of(actor: Actor, interests: list[Interest], user: User) -> dict[str, Any]:
    own = [interest for interest in interests if interest.actor_id == actor.pk]
    return {
        "actor": actor,
        "interests": own,
        "kept": len(actor.stated) - len(own),
        "may_state": may_state_for(user, actor),
    }


def answer_mark(voice: Voice) -> Mark:
    """The answer on the objective; none is awaited of a group in whose name nobody can answer."""
    if voice.endorses is None:
        return NO_VOICE if voice.group == Group.OTHERS else AWAITED
    return SHARES if voice.endorses else DECLINES


def matrix_of(voices: list[Voice], links: list[Link]) -> tuple[Any, list[list[str]]]:
    """Actors against the objective and against one another: the drawing and the table that says the same."""
    place = {voice.key: index for index, voice in enumerate(voices)}
    answers = [answer_mark(voice) for voice in voices]
    marks = {(index, 0): mark for index, mark in enumerate(answers)}
    told: list[list[str]] = [[] for _ in voices]
    for kind in reversed(GRAVITY):
        for link in links:
            if link.kind == kind and link.first != link.second:
                one, other = place[link.first], place[link.second]
                marks[one, other + 1] = marks[other, one + 1] = MARKS[kind]
                told[one].append(f"{MARKS[kind].words} avec {voices[other].name}")
                told[other].append(f"{MARKS[kind].words} avec {voices[one].name}")
    names = [voice.name for voice in voices]
    matrix = draw_matrix(names, [OBJECTIVE, *names], marks, title="Convergence des intérêts")
    rows = [
        [voice.name, answers[index].words, " ; ".join(told[index]) or "aucune comparaison"]
        for index, voice in enumerate(voices)
    ]
    return matrix, rows
