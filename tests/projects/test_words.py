"""Projects are found by the words that are kept of them: the same ones as by reading every text."""

from io import StringIO

import pytest
from django.core.management import call_command
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from cooperation.spelling import fold
from projects.models import Project, ProjectWord, Status, Word
from projects.proposals import querysets, word_models
from projects.proposals.search import spellings
from projects.proposals.word_models import LONGEST, words_in
from tests.factories import make_coordinator, make_epci, make_project

pytestmark = pytest.mark.django_db


def kept(project):
    return set(ProjectWord.objects.filter(project=project).values_list("word__text", flat=True))


def read_one_by_one(words):
    """The plain rule: every word, or the legal one that it stands for, stands somewhere in the text."""
    asked = [spellings(word) for word in fold(words).split()]
    return {
        project
        for project in Project.objects.all()
        if all(any(one in project.search_text for one in several) for several in asked)
    }


def test_a_project_keeps_the_words_of_its_text_when_it_is_written_and_written_again():
    project = make_project(make_epci(), title="Cœur d’École")
    assert {"coeur", "d'ecole"} <= kept(project)
    project.title = "Voie verte"
    project.save()
    assert kept(project) == words_in(Project.objects.get(pk=project.pk).search_text)
    assert "coeur" not in kept(project)


def test_a_word_that_no_project_says_any_more_is_forgotten_and_no_other():
    epci = make_epci()
    project, other = make_project(epci, title="Halle de Martin"), make_project(epci, title="Halle")
    project.title = "Halle"
    project.save()
    call_command("forget_words", stdout=(told := StringIO()))
    assert told.getvalue() == "1 mot effacé de la recherche.\n"
    texts = set(Word.objects.values_list("text", flat=True))
    assert "halle" in texts and "martin" not in texts
    assert kept(project) | kept(other) == texts


def test_what_is_saved_without_its_text_keeps_the_words_of_the_text_that_is_stored():
    project = make_project(make_epci(), title="Cœur d’École")
    project.title = "Voie verte"
    project.save(update_fields=["updated_at"])
    assert kept(project) == words_in(Project.objects.get(pk=project.pk).search_text)


def test_a_word_is_kept_once_for_an_epci_and_apart_for_another():
    ours, theirs = make_epci(), make_epci(1)
    for epci in (ours, ours, theirs):
        make_project(epci, title="Cœur d’École")
    assert Word.objects.filter(text="coeur").count() == 2
    assert Word.objects.holding("coeur", ours) == [Word.objects.get(intercommunality=ours, text="coeur").pk]


def test_a_project_that_goes_takes_its_words_along():
    project = make_project(make_epci(), status=Status.DRAFT)
    project.delete()
    assert not ProjectWord.objects.exists()


@pytest.mark.parametrize("length", [2, 3, 99, 100, 101, 150, 199, 200, 201, 250, 999])
def test_nothing_of_a_very_long_word_is_lost(length):
    word = "".join(chr(ord("a") + position * 7 % 26) for position in range(length))
    pieces = words_in(word)
    looked_for = {word[start : start + LONGEST] for start in range(max(length - LONGEST, 0) + 1)}
    assert all(any(part in piece for piece in pieces) for part in looked_for) or length < word_models.SHORTEST
    assert max(map(len, pieces), default=0) <= 2 * LONGEST


TEXTS = st.lists(
    st.text("abé’œ -1%_\\", max_size=12) | st.text("ab", min_size=95, max_size=230), min_size=1, max_size=3
)


class TheSameProjects(TestCase):
    """Whatever is written and looked for, and whichever way is taken."""

    @settings(max_examples=60, deadline=None)
    @given(
        each=st.booleans(), titles=TEXTS, words=st.text("abé’œ -1%_\\", max_size=8), few=st.sampled_from([0, 10_000])
    )
    def test_words_find_what_reading_every_text_finds(self, titles, words, few, each):
        epci = make_epci()
        for title in titles:
            make_project(epci, actors=0, title=title[:200], need=title)
        former, querysets.FEW = querysets.FEW, few
        try:
            found = set(Project.objects.matching(words, epci, each=each))
        finally:
            querysets.FEW = former
        assert found == read_one_by_one(words)


def test_a_word_that_too_many_others_hold_is_looked_for_in_the_texts(monkeypatch):
    epci = make_epci()
    found = make_project(epci, actors=0, title="Périscolaire scolarité")
    make_project(epci, actors=0, title="Voie verte")
    monkeypatch.setattr(word_models, "MOST", 1)
    assert Word.objects.holding("scol", epci) is None
    assert list(Project.objects.matching("scol", epci)) == [found]


def test_a_search_asks_the_same_number_of_questions_however_many_projects_hold_the_word(django_assert_num_queries):
    epci = make_epci()
    coordinator = make_coordinator(epci)

    def search():
        return list(Project.objects.visible_to(coordinator).of(epci).matching("ecole verte", epci))

    for number in (1, 4):
        for _ in range(number):
            make_project(epci, actors=0, status=Status.UNDER_REVIEW, title="École verte")
        search()
        with django_assert_num_queries(5):  # each word: which words hold it, and whether their projects are few
            search()


def test_every_word_is_looked_for_and_the_legal_one_that_it_stands_for():
    epci = make_epci()
    found = make_project(epci, actors=0, title="Voie verte", need="Une compétence supplémentaire")
    make_project(epci, actors=0, title="Voie ferrée")
    make_project(epci, actors=0, title="École verte")
    assert list(Project.objects.matching("voie verte", epci)) == [found]
    assert list(Project.objects.matching("optionnelle", epci)) == [found]
