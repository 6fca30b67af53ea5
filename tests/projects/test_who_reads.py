"""What somebody who reads some projects only may see: the same rows by whichever way, and the sums of these alone."""

from collections import Counter
from datetime import date

import pytest
from django.db import transaction

from partners.models import Body
from partners.people.services import open_membership
from projects.models import Actor, Addend, AgendaItem, Project, Session, Status
from projects.portfolio import latest
from projects.portfolio.commune_page import projects_of
from projects.proposals import querysets
from projects.totals.circles import circles_read
from projects.totals.counting import parts_of_many
from projects.totals.models import Group, Kind
from projects.totals.reads import sums_of_all_and_seen, sums_seen
from territories.models import Intercommunality
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_opinion_request,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db


class World:
    """Projects that a commune, a partner, both, an agenda, an opinion asked or nothing at all brings to read."""

    def __init__(self):
        self.epci = make_epci()
        self.commune, self.other = make_commune(self.epci), make_commune(self.epci)
        self.partner, self.second = make_partner(self.epci), make_partner(self.epci, "Mission locale")
        self.agent = make_agent(self.epci)
        self.seen = {}
        self.readers = {
            "coordinator": make_coordinator(self.epci),
            "elected": make_member(self.epci, "elected", commune=self.commune),
            "agent": make_agent(self.epci, commune=self.commune),
            "councillor": make_member(self.epci, "councillor", commune=self.commune),
            "relay": make_member(self.epci, "relay", partner=self.partner),
            "relay of two": make_member(self.epci, "relay", partner=self.partner),
            "stranger": make_coordinator(make_epci(1)),
        }
        held = {"intercommunality": self.epci, "partner": self.second, "starts_on": date(2026, 1, 1)}
        open_membership(user=self.readers["relay of two"], role="relay", **held)
        self.project("nothing")
        self.project("named").communes.add(self.commune)
        self.takes_part(self.project("taking part"), self.partner)
        self.takes_part(self.project("taking part too"), self.second)
        self.takes_part(self.named("named, taking part"), self.partner)
        self.place(self.project("on an agenda"))
        self.place(self.named("named, on an agenda"))
        make_opinion_request(self.project("asked of the commune"), commune=self.commune)
        make_opinion_request(self.project("asked of the partner"), partner=self.partner)
        self.withdraw(make_opinion_request(self.project("no longer asked"), commune=self.commune))
        self.named("early", status=Status.SUBMITTED)
        self.named("private", status=Status.DRAFT)
        for reader in ("agent", "relay", "councillor"):
            self.project(f"own of the {reader}", author=self.readers[reader])
        self.named("own, named", author=self.readers["agent"])
        self.project("own draft", author=self.readers["relay"], status=Status.DRAFT)

    def project(self, title, *, author=None, status=Status.ADOPTED):
        scale, author = Project.Scale.COMMUNE, author or self.agent
        project = make_project(self.epci, author=author, title=title, status=status, scale=scale)
        project.communes.add(self.other)  # each is counted somewhere
        return project

    def named(self, title, **fields):
        project = self.project(title, **fields)
        project.communes.add(self.commune)
        return project

    def takes_part(self, project, partner):
        make_actor(project, partner.name, partner=partner)

    def place(self, project):
        body, _ = Body.objects.get_or_create(intercommunality=self.epci, kind="council", name="Conseil")
        session = Session.objects.create(intercommunality=self.epci, body=body, held_on=date(2026, 6, 1))
        AgendaItem.objects.create(intercommunality=self.epci, session=session, project=project)

    def withdraw(self, request):
        request.withdrawn_on, request.withdrawn_reason = date(2026, 6, 1), "Sans objet"
        request.save()


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Made once for all these readings, and taken away with its transaction."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


# fmt: off
READ = {
    "elected":      {"nothing", "named", "taking part", "taking part too", "named, taking part", "on an agenda",
                     "named, on an agenda", "asked of the commune", "asked of the partner", "no longer asked",
                     "own of the agent", "own of the relay", "own of the councillor", "own, named"},
    "agent":        {"named", "named, taking part", "named, on an agenda", "asked of the commune", "own of the agent",
                     "own, named"},
    "councillor":   {"named", "named, taking part", "named, on an agenda", "asked of the commune", "on an agenda",
                     "own of the councillor", "own, named"},
    "relay":        {"taking part", "named, taking part", "asked of the partner", "own of the relay", "own draft"},
    "relay of two": {"taking part", "named, taking part", "asked of the partner", "taking part too"},
    "stranger":     set(),
}
# fmt: on


def fresh(user):
    """The same person in another request."""
    return type(user).objects.get(pk=user.pk)


@pytest.mark.parametrize("few", [0, 10_000])
@pytest.mark.parametrize("reader", READ)
def test_few_or_many_projects_concern_somebody_they_see_the_same_ones(world, monkeypatch, reader, few):
    monkeypatch.setattr(querysets, "FEW", few)
    user = fresh(world.readers[reader])
    visible = Project.objects.visible_to(user)
    assert set(visible.values_list("title", flat=True)) == READ[reader]
    assert set(Project.objects.visible_to(user, each=True)) == set(visible)
    actors = Actor.objects.filter(Project.objects.visibility(user, of="project__"))
    assert set(actors) == set(Actor.objects.filter(project__in=list(visible)))


@pytest.mark.parametrize("each", [False, True])
@pytest.mark.parametrize("few", [0, 10_000])
@pytest.mark.parametrize("reader", ["coordinator", *READ])
def test_what_is_read_in_one_epci_is_what_is_read_everywhere_and_lies_there(world, monkeypatch, reader, few, each):
    monkeypatch.setattr(querysets, "FEW", few)
    user = fresh(world.readers[reader])
    there = Intercommunality.objects.exclude(pk=world.epci.pk).get()  # its project is read through a commune of here
    with transaction.atomic():
        make_project(there, status=Status.ADOPTED, title="elsewhere").communes.add(world.commune)
        for epci in (world.epci, there):
            seen = Project.objects.visible_to(user, each=each).of(epci)
            assert set(Project.objects.visible_in(epci, user, each=each)) == set(seen)
            actors = Actor.objects.filter(intercommunality=epci)
            near = actors.filter(Project.objects.visibility(user, of="project__", each=each, within=epci))
            assert set(near) == set(actors.filter(project__in=seen))
        transaction.set_rollback(True)


def naive(user, epci, kind):
    """How many projects are counted under each heading, by reading each project that the person sees."""
    counts = Counter()
    for _, parts in parts_of_many(Project.objects.visible_to(user).of(epci).values_list("pk", flat=True)).values():
        for key, figures in parts.items():
            said, of, within = key.split(":")
            if said == kind and figures[0]:
                counts[int(of), int(within)] += figures[0]
    return dict(counts)


@pytest.mark.parametrize("kind", [Kind.COMMUNE, Kind.PARTNER])
@pytest.mark.parametrize("reader", ["coordinator", *READ])
def test_each_reader_reads_the_sums_of_the_projects_they_see_and_of_no_other(world, reader, kind):
    user = fresh(world.readers[reader])
    for groups in (Group, [Group.ADMISSIBLE]):
        sums = sums_seen(user, world.epci, [kind], groups)
        found = {(of, within): sums.of(kind, of, within).projects for of, within in sums.places(kind)}
        expected = naive(user, world.epci, kind)
        if groups is Group:
            assert found == expected
        else:  # what is not admissible counts no more
            assert sum(found.values()) <= sum(expected.values())
    assert (reader == "stranger") == (not found)
    assert sums_of_all_and_seen(user, world.epci, [kind])[1] == sums


@pytest.mark.parametrize(("few", "many"), [(1_000, 300), (0, 300), (0, 1)])
@pytest.mark.parametrize("reader", ["coordinator", *READ])
def test_the_page_of_a_commune_counts_and_shows_the_projects_of_it_that_its_reader_sees(
    world, monkeypatch, reader, few, many
):
    monkeypatch.setattr(latest, "FEW", few)
    monkeypatch.setattr(latest, "MANY", many)
    user = fresh(world.readers[reader])
    visible = Project.objects.visible_to(user).of(world.epci)
    for commune in (world.commune, world.other):
        theirs = list(visible.filter(communes=commune).order_by("-updated_at", "-pk"))
        found = projects_of(commune, visible, user)
        assert (found.count, found.keys) == (len(theirs), [one.pk for one in theirs])


def test_whoever_speaks_for_one_organisation_reads_no_more_rows_than_there_are_sums(world):
    assert {name for name, user in world.readers.items() if circles_read(user, world.epci) is None} == {"relay of two"}
    relay = fresh(world.readers["relay"])
    sums_seen(relay, world.epci, [Kind.COMMUNE], Group)
    Addend.objects.exclude(project__author=relay).update(parts={})  # nothing is added up again
    assert {
        place: one.projects for place, one in sums_seen(relay, world.epci, [Kind.COMMUNE], Group).found.items()
    } == {
        (Kind.COMMUNE, world.commune.pk, 0): 1,
        (Kind.COMMUNE, world.other.pk, 0): 5,
    }
