"""The map of actors: where each organisation stands, what ties them, and tensions, for the steering team alone."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404
from django.urls import reverse

from partners.governance.models import ElectedMember
from partners.people.models import Role
from projects.actormap import services
from projects.actormap.access import get_tension
from projects.actormap.rules import QUARTERS, advice_for
from projects.models import Actor, OrganisationLink, Status, Tension
from projects.proposals.access import steers
from projects.proposals.services import remove_actor
from projects.report.choices import Audience, Choices
from projects.report.content import gather
from projects.report.documents import project_document, report_document
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
TODAY = date(2026, 11, 15)
FILES = ("csv", "xlsx", "ods", "json")
SECRET = "Chacun se renvoie la facture"


class World:
    """A project under instruction, its EPCI, a commune and a partner among its actors, and whoever may look at it."""

    def __init__(self):
        self.epci = make_epci()
        self.author, self.clerk = make_agent(self.epci), make_coordinator(self.epci)
        self.in_charge = make_member(self.epci, Role.ELECTED, "Claire Aubry")
        self.elected = make_member(self.epci, Role.ELECTED)
        lead = ElectedMember.objects.create(
            intercommunality=self.epci, commune=make_commune(self.epci), full_name="Claire Aubry", user=self.in_charge
        )
        self.project = make_project(
            self.epci, author=self.author, status=Status.UNDER_REVIEW, lead_councillor=lead, actors=0
        )
        place, partner = make_commune(self.epci), make_partner(self.epci)
        self.office = make_actor(self.project, "CCVO", is_intercommunality=True, leads=True)
        self.commune = make_actor(self.project, place.name, commune=place)
        self.partner = make_actor(self.project, partner.name, partner=partner)
        self.relay = make_member(self.epci, Role.RELAY, partner=partner)
        self.page = reverse("projects:actor_map", args=[self.project.pk])

    def link(self, kind="financing", by=None, **changed):
        said = {"project": self.project, "source": self.office, "target": self.commune, "note": ""} | changed
        return services.link_organisations(kind=kind, by=by or self.clerk, **said)

    def tension(self):
        return self.link("tension", note=SECRET)

    def read_by(self, client, person, page=""):
        client.force_login(person, BACKEND)
        return client.get(page or self.page).content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("influence", "concern", "advice"),
    [
        (4, 4, "associer à chaque étape"), (3, 1, "satisfaire"), (2, 4, "informer et mobiliser"),
        (2, 3, "informer et mobiliser"), (1, 3, "informer"), (2, 2, "suivre"), (0, 0, "suivre"),
    ],
)  # fmt: skip
def test_the_grid_suggests_how_to_work_with_an_organisation(influence, concern, advice):
    assert advice_for(influence, concern) == advice


def test_each_quarter_of_the_drawing_is_named_as_its_corner_is_advised():
    assert (advice_for(4, 0), advice_for(4, 4), advice_for(0, 0)) == QUARTERS[:3]
    assert {advice_for(1, 4), advice_for(2, 4)} == {"informer", "informer et mobiliser"}
    assert QUARTERS[3] == "informer, voire mobiliser"  # it names what is advised to some as well as to the others


def test_an_organisation_is_tied_to_another_one_once_of_each_kind(world):
    world.link("financing")
    world.link("agreement")
    world.link("financing", source=world.commune, target=world.office)
    with pytest.raises(ValidationError, match="déjà sur la carte"):
        world.link("financing")
    with pytest.raises(ValidationError, match="pas de lien avec elle-même"):
        world.link(target=world.office)
    with pytest.raises(ValidationError, match="pas toutes deux des acteurs de ce projet"):
        world.link(target=make_actor(make_project(world.epci), "Ailleurs"))
    assert OrganisationLink.objects.count() == 3


@pytest.mark.parametrize(
    "faulty",
    [
        lambda w: OrganisationLink(kind="habit", source=w.office, target=w.office),
        lambda w: OrganisationLink(kind="tension", source=w.office, target=w.commune),
        lambda w: OrganisationLink(kind="financing", source=w.office, target=w.commune),
        lambda w: Tension(source=w.office, target=w.office),
        lambda w: Tension(source=w.office, target=w.commune),
    ],
)
def test_the_database_refuses_nonsense(world, faulty):
    world.link("financing"), world.tension()
    row = faulty(world)
    row.intercommunality, row.project = world.epci, world.project
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save()
    with pytest.raises(ValidationError):
        row.full_clean()


def test_the_coordination_maps_and_the_author_while_the_text_is_in_their_hands(world):
    for person in (world.author, world.in_charge, world.elected, world.relay):
        with pytest.raises(PermissionDenied, match="coordination et l’auteur"):
            world.link(by=person)
    world.project.status = Status.TO_COMPLETE
    world.project.save()
    link = world.link(by=world.author)
    assert (link.intercommunality_id, link.said_by) == (world.epci.pk, world.author)


def test_the_steering_team_is_the_coordination_the_author_and_the_elected_member_in_charge(world):
    team = [world.clerk, world.author, world.in_charge]
    assert all(steers(person, world.project) for person in team)
    assert not [person for person in (world.elected, world.relay) if steers(person, world.project)]


def test_a_tension_is_read_by_the_steering_team_alone(world, client):
    world.link("agreement", note="Convention de 2024")
    tension = world.tension()
    for person in (world.clerk, world.author, world.in_charge):
        said = world.read_by(client, person)
        assert SECRET in said and "<strong>tension</strong>" in said and "CCVO → Bréauval, tension" in said
    for person in (world.elected, world.relay):
        said = world.read_by(client, person)
        assert "Convention de 2024" in said
        assert SECRET not in said and "ension" not in said
        for act in ("ease", "forget"):
            address = reverse(f"projects:tension_{act}", args=[world.project.pk, tension.pk])
            assert client.post(address).status_code == 404
        with pytest.raises(Http404):
            get_tension(person, world.project.pk, tension.pk)
    assert Tension.objects.get().eased_on is None


def test_a_tension_alone_is_told_to_nobody_else_not_even_that_it_is_there(world, client):
    """Whoever does not steer sees the same page with and without it."""
    before = world.read_by(client, world.elected)
    world.tension()
    assert without_tokens(world.read_by(client, world.elected)) == without_tokens(before)


def without_tokens(html):
    return [line for line in html.splitlines() if "csrf" not in line and "nonce" not in line]


OTHER_PAGES = ("detail", "convergence", "chronicle", "project_calendar", "debate", "opinions", "effects", "health")


def test_a_tension_is_on_no_other_page_in_no_file_and_in_no_print_even_of_the_steering_team(world, client):
    world.link("agreement")
    world.tension()
    world.project.status = Status.ADOPTED
    world.project.save()
    for name in OTHER_PAGES:
        assert SECRET not in world.read_by(client, world.clerk, reverse(f"projects:{name}", args=[world.project.pk]))
    for kind in FILES:
        answer = client.get(reverse("projects:export", args=[kind]))
        assert answer.status_code == 200
        assert SECRET not in unpacked(b"".join(answer))
    sheet = client.get(reverse("projects:project_file", args=[world.project.pk, "odt"]))
    assert world.project.title in unpacked(b"".join(sheet)) and SECRET not in unpacked(b"".join(sheet))
    for audience in Audience.values:
        report = gather(world.epci, user=None, today=TODAY, choices=Choices(audience=audience))
        assert SECRET not in report_document(report).as_html()
    printed = project_document(world.project, moment="", today=TODAY)
    assert world.project.title in printed.as_html() and SECRET not in printed.as_html()


def unpacked(content):
    """The words of a file; those of its parts when it is a folder of them."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig", errors="replace")
    with ZipFile(BytesIO(content)) as parts:
        return "".join(parts.read(name).decode("utf-8", errors="replace") for name in parts.namelist())


def test_only_the_map_knows_that_tensions_exist():
    """No other room of ours names them, so that none can tell them by forgetting a filter; the demo loads one."""
    naming = {
        path.parent.name
        for path in (Path(settings.BASE_DIR) / "projects").rglob("*.py")
        if "migrations" not in path.parts and re.search(r"\bTension\b|tension_set|\.tensions\b", path.read_text())
    }
    assert naming == {"actormap", "projects", "demo"}  # `projects/models.py` is the list of all models
    assert not hasattr(Tension, "history")


def test_before_the_project_is_submitted_a_tension_is_removed_without_a_trace(world):
    tension = world.tension()
    with pytest.raises(ValidationError, match="déposé : une tension ne s’efface plus, elle se dit apaisée"):
        services.forget_tension(tension=tension, by=world.clerk)
    tension.project.status, tension.project.submitted_at = Status.DRAFT, None
    tension.project.save()
    services.forget_tension(tension=tension, by=world.clerk)
    assert not Tension.objects.exists()
    assert not hasattr(Tension, "history")


def test_a_tension_that_is_eased_keeps_its_day_leaves_the_drawing_and_may_come_back(world, client):
    tension = world.tension()
    with pytest.raises(PermissionDenied):
        services.ease_tension(tension=tension, by=world.elected, on=date(2026, 11, 2))
    services.ease_tension(tension=tension, by=world.in_charge, on=date(2026, 11, 2))
    services.ease_tension(tension=tension, by=world.clerk, on=date(2026, 11, 9))  # twice is once
    said = world.read_by(client, world.clerk)
    assert "apaisée le 2 novembre 2026" in said and "CCVO → Bréauval, tension" not in said
    world.tension()
    assert Tension.objects.count() == 2


def test_a_link_leaves_with_its_organisation(world):
    world.link("habit"), world.tension()
    remove_actor(actor=Actor.objects.get(pk=world.commune.pk), by=world.author)
    assert not OrganisationLink.objects.exists() and not Tension.objects.exists()


def test_a_link_that_is_taken_back_stays_in_the_history(world, client):
    link = world.link("habit")
    client.force_login(world.clerk, BACKEND)
    client.post(reverse("projects:organisation_link_forget", args=[world.project.pk, link.pk]))
    assert not OrganisationLink.objects.exists()
    assert list(OrganisationLink.history.values_list("history_type", flat=True)) == ["-", "+"]


def test_a_link_is_said_in_a_form_and_a_faulty_one_keeps_what_was_typed(world, client):
    client.force_login(world.clerk, BACKEND)
    address = reverse("projects:organisation_link", args=[world.project.pk])
    typed = {"source": world.office.pk, "target": world.office.pk, "kind": "habit", "note": "Depuis dix ans"}
    refused = client.post(address, typed)
    assert refused.status_code == 422
    said = refused.content.decode()
    assert "avec elle-même" in said and "Depuis dix ans" in said
    assert client.post(address, typed | {"target": world.partner.pk}).status_code == 302
    assert "Depuis dix ans" in world.read_by(client, world.relay)
    elsewhere = make_actor(make_project(world.epci), "Ailleurs")
    client.force_login(world.clerk, BACKEND)
    assert client.post(address, typed | {"target": elsewhere.pk}).status_code == 422


def test_the_table_comes_before_the_drawing(world, client):
    world.link("habit")
    services.weigh(actor=world.commune, influence=4, concern=4, by=world.clerk)
    said = world.read_by(client, world.relay)
    assert said.index("tableau-grille") < said.index('class="quadrants"')
    assert said.index("tableau-liens") < said.index('class="network"')
    assert "Sans lien dit : CAF du Val-de-Lierre." in said


def test_the_page_keeps_its_number_of_queries(world, client, django_assert_max_num_queries):
    made = [make_actor(world.project, f"Groupe {number}") for number in range(12)]
    for one in made:
        world.link("habit", target=one)
        world.link("tension", target=one)
    client.force_login(world.clerk, BACKEND)
    with django_assert_max_num_queries(24):
        client.get(world.page)
