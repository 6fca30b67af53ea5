"""The words by which projects are found: each kept once for its EPCI, with the projects that hold it.

A hundred thousand texts are not read to find a word: it is looked for among the few thousand that they are made of.
Kept by `Project.save`, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Exists, OuterRef, Q

from cooperation.spelling import fold
from projects.proposals.search import spellings
from territories.places.models import Intercommunality

if TYPE_CHECKING:
    from projects.proposals.models import Project

SHORTEST, LONGEST = 3, 100  # letters: what is shorter is in every text, and nobody looks for what is longer
Held = dict[str, list[int] | None]  # a folded word, and the numbers of the words that hold it
MOST = 5_000  # words that hold what is looked for and are named one by one


def words_in(text: str) -> set[str]:
    """The words of a folded text; a very long one in pieces, which overlap so that nothing of it is lost."""
    return {
        word[start : start + 2 * LONGEST]
        for word in text.split()
        if len(word) >= SHORTEST
        for start in range(0, max(len(word) - LONGEST, 1), LONGEST)
    }


class WordQuerySet(models.QuerySet["Word"]):
    def holding(self, word: str, within: Intercommunality | None = None) -> list[int] | None:
        """The numbers of the words that hold a folded word, or its legal spelling.

        None where words do not tell: it is too short or too long, or too many hold it.
        """
        if not SHORTEST <= len(word) <= LONGEST:
            return None
        rows = self.filter(reduce(or_, (Q(text__holds=one) for one in spellings(word))))
        rows = rows if within is None else rows.filter(intercommunality=within)
        keys = list(rows.order_by().values_list("pk", flat=True)[: MOST + 1])
        return keys if len(keys) <= MOST else None

    def held(self, words: str, within: Intercommunality | None = None) -> Held:
        """The same for each of the words that somebody typed, as they are folded."""
        return {word: self.holding(word, within) for word in fold(words).split()}

    def known(self, texts: Iterable[str], within: int) -> dict[str, int]:
        """The number of each of these words in an EPCI; those that it did not have yet are added."""
        wanted = sorted(texts)  # in one order, so that two who write the same new words wait for each other
        rows = self.filter(intercommunality=within, text__in=wanted)
        found = dict(rows.values_list("text", "pk"))
        if missing := [text for text in wanted if text not in found]:
            self.bulk_create([Word(intercommunality_id=within, text=text) for text in missing], ignore_conflicts=True)
            found = dict(rows.all().values_list("text", "pk"))
        return found

    def forget_unused(self) -> int:
        """Delete the words that no project says any more, which may be a name that was erased; returns how many."""
        return self.filter(~Exists(ProjectWord.objects.filter(word=OuterRef("pk")))).order_by().delete()[0]


class Word(models.Model):
    """A word, or a piece of a very long one, folded: no case, no accents, no ligatures."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,  # made again from its projects
        related_name="+",
        db_index=False,  # the constraint has it
    )
    text = models.CharField(max_length=2 * LONGEST)
    objects = WordQuerySet.as_manager()

    class Meta:
        verbose_name = "mot des projets"
        verbose_name_plural = "mots des projets"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["intercommunality", "text"],
                name="one_word_of_a_kind",
                violation_error_message="Ce mot existe déjà.",
            )
        ]

    def __str__(self) -> str:
        return self.text


class ProjectWordQuerySet(models.QuerySet["ProjectWord"]):
    def keep(self, project: Project) -> None:
        """Write which words a project holds, as its text stands."""
        said = words_in(project.search_text)
        held = dict(self.filter(project=project).values_list("word__text", "pk"))
        if gone := [pk for text, pk in held.items() if text not in said]:
            self.filter(pk__in=gone).delete()
        if new := said - held.keys():
            known = Word.objects.known(new, project.intercommunality_id)
            epci = project.intercommunality_id
            rows = [ProjectWord(project=project, word_id=known[text], intercommunality_id=epci) for text in sorted(new)]
            self.bulk_create(rows)


class ProjectWord(models.Model):
    """A project holds a word."""

    intercommunality = models.ForeignKey(
        Intercommunality,
        on_delete=models.CASCADE,
        related_name="+",
        db_index=False,  # reached by its project or word
    )
    project = models.ForeignKey("projects.Project", on_delete=models.CASCADE, related_name="words")  # a part of it
    word = models.ForeignKey(Word, on_delete=models.CASCADE, related_name="+", db_index=False)  # the constraint has it
    objects = ProjectWordQuerySet.as_manager()

    class Meta:
        verbose_name = "mot d’un projet"
        verbose_name_plural = "mots des projets, un par un"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["word", "project"],
                name="one_link_from_a_word",
                violation_error_message="Ce mot est déjà dans ce projet.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.project_id} : {self.word_id}"
