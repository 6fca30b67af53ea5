"""Projects that look like the one being written, so that a person joins rather than starts the same thing again.

Bounded reads, whatever the number of projects: the latest ones that share a competence, those that share a commune, and
the latest of all. Words are compared on these, in memory: looking for words alone would read every project.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.urls import reverse

from cooperation.french import quoted
from cooperation.spelling import fold
from projects.proposals.aside_models import SetAside
from projects.proposals.models import Project
from projects.proposals.states import Status

if TYPE_CHECKING:
    from partners.people.models import User
    from projects.proposals.querysets import ProjectQuerySet

SHARING = 400  # the latest that share a competence, and as many that share a commune
LATEST = 600  # the latest of all
SHOWN = 3
WORDS = 16
ENDED = (Status.DRAFT, Status.INADMISSIBLE, Status.REJECTED, Status.ABANDONED, Status.WITHDRAWN, Status.ABSORBED)
# Words that every project uses, and those of time and measure, say nothing of what it is about.
COMMON_WORDS = """
ailleurs ainsi alors annee annees apres aucun aucune aussi autre autres avant avec avoir beaucoup cette ceux chaque
chez cinq comme commune communes creer dans demi depuis deux dont elle elles encore ensemble entre etre euro euros
faire fois habitants heure heures intercommunal intercommunalite jour journee journees jours kilometre kilometres leur
leurs mais matin mettre mieux minute minutes moins mois nous objectif plus plusieurs pour projet projets quand quatre
quel quelle sans semaine semaines sera service services soir sont sous territoire tous tout toute toutes trois trop
vers vous
"""
COMMON = frozenset(COMMON_WORDS.split())


@dataclass(frozen=True)
class Similar:
    """A project to look at before going on, why it was found, and its debate with a suggestion already begun."""

    project: Project
    reason: str
    join_url: str


def words_of(*texts: str) -> dict[str, str]:
    """The telling words of a text, each under its folded stem: « Relais itinérants » → relai, itinerant."""
    found: dict[str, str] = {}
    for word in re.findall(r"\w{4,}", " ".join(texts)):
        folded = fold(word)
        if folded not in COMMON and folded.isalpha():
            found.setdefault(folded.rstrip("sx") if len(folded) > 5 else folded, word.lower())
    return dict(list(found.items())[:WORDS])


def similar_to(draft: Project, user: User) -> list[Similar]:
    """At most three projects that the person sees and could join rather than duplicate, the nearest first."""
    words = words_of(draft.title, draft.service, draft.shared_objective, draft.need)
    if not draft.title or not words:
        return []
    texts: dict[int, str] = {}
    shared: dict[int, set[str]] = {}
    for what, rows in candidates(draft, user):
        for pk, text in rows:
            texts[pk] = text
            shared.setdefault(pk, set()).add(what)
    marks = [(score(words, texts[pk], shared[pk]), pk) for pk in texts]
    aside = set(SetAside.objects.filter(project=draft).values_list("other", flat=True))
    best = [pk for mark, pk in sorted(marks, reverse=True) if mark and pk not in aside][:SHOWN]
    found = Project.objects.in_bulk(best)
    return [Similar(found[pk], reason_of(found[pk], shared[pk], words), join_url(found[pk], draft)) for pk in best]


def looked_at(draft: Project, user: User) -> list[Project]:
    """Those that were looked at and set aside, the latest first, as far as the person still sees them."""
    said = SetAside.objects.filter(project=draft).order_by("-said_on", "-pk")
    kept = [one.other_id for one in said]
    found = Project.objects.visible_to(user).filter(pk__in=kept).in_bulk() if kept else {}
    return [found[pk] for pk in kept if pk in found]


def candidates(draft: Project, user: User) -> Iterable[tuple[str, ProjectQuerySet]]:
    """The projects worth comparing, as keys and folded texts, in bounded reads: their number does not count."""
    around = Project.objects.visible_to(user).exclude(pk=draft.pk).exclude(status__in=ENDED)
    around = around.values_list("pk", "search_text")
    for what, relation in (("competence", "competences"), ("commune", "communes")):
        held = list(getattr(draft, relation).values_list("pk", flat=True))
        links = getattr(Project, relation).through.objects.filter(**{f"{what}__in": held})
        latest = list(links.order_by("-pk").values_list("project_id", flat=True)[:SHARING]) if held else []
        if latest:
            yield what, around.filter(pk__in=latest)  # a competence and a commune are of one EPCI: no other is read
    yield "", around.of(draft.intercommunality).order_by("-updated_at", "-pk")[:LATEST]


def score(words: Iterable[str], text: str, shared: set[str]) -> int:
    """How near a project is: words in common, a competence counting for three of them, a commune for one.

    Nothing below two words with a competence or a commune in common, three without.
    """
    common = sum(word in text for word in words)
    enough = 2 if shared - {""} else 3
    return common + 3 * ("competence" in shared) + ("commune" in shared) if common >= enough else 0


def reason_of(project: Project, shared: set[str], words: dict[str, str]) -> str:
    known = (("competence", "même compétence"), ("commune", "commune partagée"))
    labels = [label for key, label in known if key in shared]
    common = [word for stem, word in words.items() if stem in project.search_text][:4]
    return f"{' ; '.join([*labels, 'mots communs : ' + ', '.join(common)])}."


def join_url(project: Project, draft: Project) -> str:
    text = f"Je préparais un projet proche, {quoted(draft.title)}. Plutôt que d’en ouvrir un second, je propose : "
    address = reverse("projects:debate", args=[project.pk])
    return f"{address}?{urlencode({'nature': 'suggestion', 'texte': text})}#contribuer"
