"""Projects regrouped, copied, split: nothing is lost, nothing private leaves, both sides tell it."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone

from partners.people.models import Role
from projects.lineage.reading import absorbed_into, ties_of
from projects.lineage.services import absorb, copy, split, why_it_cannot_be_split
from projects.models import Contribution, Interest, Move, OrganisationLink, Project, ProjectLink, Status, Tension
from projects.portfolio.project_page import page_of
from tests.factories import (
    make_actor,
    make_agent,
    make_contribution,
    make_coordinator,
    make_epci,
    make_member,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
NOW = timezone.now()


class World:
    def __init__(self):
        self.epci = make_epci()
        self.coordinator, self.agent = make_coordinator(self.epci), make_agent(self.epci)
        self.survivor = make_project(self.epci, author=self.agent, status=Status.ADOPTED, title="Halte-garderie")
        self.absorbed = make_project(
            self.epci, author=self.agent, status=Status.UNDER_REVIEW, title="Crèche itinérante"
        )
        self.partner = make_partner(self.epci)
        self.actor = make_actor(self.absorbed, self.partner.name, partner=self.partner, is_touched=True)

    def absorb(self, by=None, reason="Même besoin, mêmes familles.", **changed):
        told = {"absorbed": self.absorbed, "survivor": self.survivor} | changed
        return absorb(**told, reason=reason, by=by or self.coordinator, now=NOW)


def test_an_absorbed_project_is_closed_and_everything_it_held_stays(world):
    said = make_contribution(world.absorbed, author=world.agent)
    before = world.absorbed.history.count()
    world.absorb()
    world.absorbed.refresh_from_db()
    assert world.absorbed.status == Status.ABSORBED
    assert Contribution.objects.get(pk=said.pk).project == world.absorbed
    assert world.absorbed.history.count() == before + 1
    assert world.absorbed.actors.count() == 3
    moves = Move.objects.filter(transition="absorb").order_by("pk")
    assert [(move.project, move.reason) for move in moves] == [
        (world.absorbed, "Même besoin, mêmes familles."),
        (world.survivor, "Même besoin, mêmes familles."),
    ]


def test_the_actors_that_the_survivor_did_not_know_join_it_and_see_it(world):
    relay = make_member(world.epci, Role.RELAY, "Sophie Aumont", partner=world.partner)
    assert not Project.objects.visible_to(relay).filter(pk=world.survivor.pk).exists()
    world.absorb()
    assert world.survivor.actors.filter(partner=world.partner, is_touched=True).exists()
    assert Project.objects.visible_to(relay).filter(pk=world.survivor.pk).exists()
    assert world.survivor.actors.filter(leads=True).count() == 1


def test_each_project_leads_to_the_other(world):
    world.absorb()
    [seen] = ties_of(world.absorbed, world.coordinator)
    assert (seen.words, seen.other) == ("Regroupé avec", world.survivor)
    [seen] = ties_of(world.survivor, world.coordinator)
    assert (seen.words, seen.other) == ("Reprend le projet", world.absorbed)
    assert absorbed_into(world.survivor, world.coordinator) == [world.absorbed]
    assert page_of(world.survivor, world.coordinator)["ties"] == ties_of(world.survivor, world.coordinator)


@pytest.mark.parametrize(
    "status", [Status.DRAFT, Status.SUBMITTED, Status.TO_COMPLETE, Status.ON_AGENDA, Status.ABANDONED]
)
def test_a_project_that_is_not_admissible_or_is_being_decided_is_not_absorbed(world, status):
    one = make_project(world.epci, author=world.agent, status=status)
    with pytest.raises(ValidationError):
        world.absorb(absorbed=one)
    assert not ProjectLink.objects.exists()
    assert Project.objects.get(pk=one.pk).status == status
    assert world.survivor.actors.count() == 2


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.WITHDRAWN, Status.ABSORBED])
def test_a_project_that_is_closed_or_not_admissible_takes_over_nothing(world, status):
    one = make_project(world.epci, author=world.agent, status=status)
    with pytest.raises(ValidationError, match="ne peut pas en reprendre"):
        world.absorb(survivor=one)


def test_a_project_takes_over_neither_itself_nor_a_project_of_elsewhere(world):
    elsewhere = make_project(make_epci(1), status=Status.ADOPTED)
    with pytest.raises(ValidationError, match="avec lui-même"):
        world.absorb(survivor=world.absorbed)
    with pytest.raises(PermissionDenied):
        world.absorb(survivor=elsewhere)


def test_regrouping_asks_a_reason_and_the_coordination_and_not_the_author(world):
    with pytest.raises(ValidationError, match="motif"):
        world.absorb(reason=" ")
    with pytest.raises(PermissionDenied):
        world.absorb(by=world.agent)
    mine = make_project(world.epci, author=world.coordinator, status=Status.UNDER_REVIEW)
    with pytest.raises(ValidationError, match="une autre personne"):
        world.absorb(absorbed=mine)


def test_a_copy_takes_the_text_and_what_the_actors_told_everyone_and_nothing_else(world):
    for text, visibility in (("Ouvert", "everyone"), ("Secret", "actors"), ("Intime", "members")):
        if visibility in Interest.Visibility.values:
            Interest.objects.create(intercommunality=world.epci, actor=world.actor, text=text, visibility=visibility)
    Project.objects.filter(pk=world.absorbed.pk).update(recommendation="Avis réservé", remark="À nous")
    other = make_agent(world.epci, "Tom Rivoire")
    world.absorbed.refresh_from_db()
    made = copy(project=world.absorbed, title="Crèche de Bréauval", by=other, now=NOW)
    assert (made.status, made.author, made.submitted_at) == (Status.DRAFT, other, None)
    assert made.need == world.absorbed.need and made.title == "Crèche de Bréauval"
    assert made.recommendation == made.remark == ""
    told = Interest.objects.filter(actor__project=made)
    assert [one.text for one in told] == ["Ouvert"]
    assert made.actors.count() == world.absorbed.actors.count()
    assert not made.funding_plans.exists()
    assert ProjectLink.objects.get(result=made).origin == world.absorbed


def test_a_draft_copied_from_a_project_is_not_told_on_its_page_to_others(world):
    other = make_agent(world.epci, "Tom Rivoire")
    made = copy(project=world.absorbed, title="Copie", by=other, now=NOW)
    assert ties_of(world.absorbed, world.coordinator) == []
    assert [tie.other for tie in ties_of(world.absorbed, other)] == [made]


def test_one_copies_only_what_one_sees_and_only_where_one_may_propose(world):
    hidden = make_project(world.epci, author=world.agent, status=Status.SUBMITTED)
    with pytest.raises(PermissionDenied):
        copy(project=hidden, title="Copie", by=make_agent(world.epci, "Tom Rivoire"), now=NOW)
    relay = make_member(world.epci, Role.RELAY, "Sophie Aumont", partner=world.partner)
    with pytest.raises(PermissionDenied, match="proposer"):
        copy(project=world.absorbed, title="Copie", by=relay, now=NOW)


def test_a_project_is_split_into_parts_that_go_back_to_its_author(world):
    parts = split(
        project=world.survivor,
        titles=["Le bâtiment", " Le véhicule "],
        reason="Deux budgets.",
        by=world.coordinator,
        now=NOW,
    )
    assert [(p.title, p.status, p.author) for p in parts] == [
        ("Le bâtiment", Status.TO_COMPLETE, world.agent),
        ("Le véhicule", Status.TO_COMPLETE, world.agent),
    ]
    world.survivor.refresh_from_db()
    assert world.survivor.status == Status.ADOPTED
    assert {tie.other for tie in ties_of(world.survivor, world.coordinator)} == set(parts)
    assert [tie.words for tie in ties_of(parts[0], world.coordinator)] == ["Détaché de"]


@pytest.mark.parametrize(
    ("titles", "said"), [([], "de 1 à"), (["A", "a"], "le même titre"), ([str(n) for n in range(9)], "de 1 à")]
)
def test_a_split_that_makes_no_sense_is_refused_whole(world, titles, said):
    with pytest.raises(ValidationError, match=said):
        split(project=world.survivor, titles=titles, reason="Deux budgets.", by=world.coordinator, now=NOW)
    with pytest.raises(PermissionDenied):
        split(project=world.survivor, titles=["A"], reason="Deux budgets.", by=world.agent, now=NOW)
    assert Project.objects.count() == 2


def test_what_cannot_be_regrouped_or_split_yet_says_when_it_can_and_leads_back(world, client):
    client.force_login(world.coordinator, "allauth.account.auth_backends.AuthenticationBackend")
    for page, state, said in (
        (
            "absorb",
            Status.ON_AGENDA,
            "Cela se fait à l’état « En instruction », « Ajourné », « Adopté », « En cours » ou « Suspendu ».",
        ),
        ("split", Status.DRAFT, "il ne se divise pas encore. Cela se fait une fois qu’il est déposé."),
    ):
        one = make_project(world.epci, author=world.coordinator, status=state)
        html = client.get(reverse(f"projects:{page}", args=[one.pk])).content.decode().replace("\xa0", " ")
        assert said in html and f'href="{one.get_absolute_url()}">Revenir au projet</a>' in html
    assert "il ne se divise plus." in why_it_cannot_be_split(Project(status=Status.ABANDONED, submitted_at=NOW))


def test_what_ties_organisations_follows_them_once_and_their_tensions_go_nowhere(world):
    ends = {"source": world.actor, "target": world.absorbed.actors.first(), "project": world.absorbed}
    OrganisationLink.objects.create(intercommunality=world.epci, kind="habit", note="Dix ans", **ends)
    Tension.objects.create(intercommunality=world.epci, **ends)
    made = copy(project=world.absorbed, title="Copie", by=make_agent(world.epci, "Tom Rivoire"), now=NOW)
    [part] = split(project=world.absorbed, titles=["Un bus"], reason="Deux budgets.", by=world.coordinator, now=NOW)
    world.absorb()
    for project in (made, part, world.survivor):
        [link] = project.organisationlinks.all()
        assert (link.source.project, link.source.name, link.note) == (project, world.actor.name, "Dix ans")
    assert Tension.objects.get().project == world.absorbed


@pytest.mark.parametrize("how", ["reference", "number", "title", "both"])
def test_who_names_the_project_itself_as_the_one_that_goes_on_is_told_that_it_is_the_same(world, client, how):
    one = world.absorbed
    words = {"reference": one.reference.lower(), "number": str(one.pk), "title": one.title, "both": str(one)}[how]
    client.force_login(world.coordinator, "allauth.account.auth_backends.AuthenticationBackend")
    here = reverse("projects:absorb", args=[one.pk])
    page = client.get(here, {"avec": words}).content.decode()
    assert "Un projet ne se regroupe pas avec lui-même" in page and "Aucun projet ne répond" not in page
    page = client.get(here, {"avec": "Xylophone"}).content.decode()
    assert "Aucun projet ne répond" in page and "lui-même" not in page
    assert client.get(here, {"avec": world.survivor.reference}).content.decode().count("lui-même") == 0
