"""The list of projects: found by words and by what is missing, read by key, at a constant price."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cooperation.french import date_fr, raise_ordinals
from partners.governance.models import Body
from projects.models import Interest, Project, Session, Status, StrategyNode, TerritorialPlan
from projects.portfolio.grouped_views import export
from projects.portfolio.home import objectives_to_endorse
from projects.portfolio.paging import key_of, page_after, read_key
from projects.proposals.services import endorse
from tests.factories import (
    START,
    make_actor,
    make_commune,
    make_coordinator,
    make_epci,
    make_member,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def epci(client):
    epci = make_epci()
    client.force_login(make_coordinator(epci), BACKEND)
    return epci


def listed(client, **filters):
    return client.get(reverse("projects:list"), filters).context["page"].rows


def test_words_find_without_case_accents_or_ligatures(client, epci):
    found = make_project(epci, title="Cœur d’École", status=Status.UNDER_REVIEW)
    make_project(epci, title="Voie verte", status=Status.UNDER_REVIEW)
    assert listed(client, q="COEUR ecole") == [found]


def test_the_list_the_files_and_the_page_name_the_owner_alike(client, epci, django_assert_max_num_queries):
    """A kind of body without a name is known: it was « à préciser » in the list alone."""
    project = make_project(epci, status=Status.UNDER_REVIEW, owner_kind="epci")
    kind = project.get_owner_kind_display()
    assert (project.owner_told, Project(owner_name="Sivos").owner_told, Project().owner_told) == (kind, "Sivos", "")
    page = client.get(reverse("projects:list"))
    assert f"</span>{kind}</td>" in page.text
    [row] = page.context["page"].rows
    with django_assert_max_num_queries(0):
        assert row.owner_told == kind
    assert kind in client.get(project.get_absolute_url()).text
    assert kind in export([project]).content.decode()


def test_words_are_looked_for_as_they_are_typed_and_never_as_a_pattern(client, epci):
    found = make_project(epci, title="100 % bio d'ici\\là", status=Status.UNDER_REVIEW)
    make_project(epci, title="1000 arbres", status=Status.UNDER_REVIEW)
    for words in ("%", "100 %", "ici\\l", "d'ici"):
        assert listed(client, q=words) == [found]
    for words in ("1_0", "%bio", "b.o", "dici"):
        assert listed(client, q=words) == []


def test_what_is_missing_is_a_filter(client, epci):
    dated = make_project(epci, status=Status.UNDER_REVIEW, starts_on="2026-09-01")
    undated = make_project(epci, status=Status.UNDER_REVIEW)
    assert listed(client, manque="date") == [undated]
    assert set(listed(client, manque="relais")) == {dated, undated}


def test_each_filter_in_force_is_a_chip_that_removes_it(client, epci):
    make_project(epci, status=Status.UNDER_REVIEW)
    answer = client.get(reverse("projects:list"), {"q": "relais", "etat": "under_review"})
    assert [chip.url for chip in answer.context["chips"]] == ["?etat=under_review", "?q=relais"]
    read = answer.text.replace("\u00a0", " ").replace("\u202f", " ")
    assert "1 projet, filtres :" in read and "personne ne peut encore répondre" in read
    assert answer.context["number"] == 1


def test_a_value_that_means_nothing_is_ignored(client, epci):
    project = make_project(epci, status=Status.UNDER_REVIEW)
    assert listed(client, etat="nowhere", commune="x", apres="damaged~key") == [project]


def test_pages_by_key_show_every_project_once(epci):
    made = [make_project(epci, status=Status.UNDER_REVIEW, actors=0) for _ in range(7)]
    Project.objects.filter(pk__in=[one.pk for one in made[:4]]).update(updated_at=made[0].updated_at)  # same instant
    seen, key = [], ""
    while True:
        page = page_after(Project.objects.all(), key, size=2)
        seen += page.rows
        if not (key := page.next_key):
            break
    assert sorted(one.pk for one in seen) == sorted(one.pk for one in made)


@pytest.mark.parametrize("damaged", ["", "~", "x~1", "2026-13-45T00:00:00+00:00~1", "2026-01-01~1", "é~²"])
def test_a_damaged_key_leads_back_to_the_first_page(damaged):
    assert read_key(damaged) is None


def test_a_key_is_read_as_it_was_written(epci):
    project = make_project(epci)
    assert read_key(key_of(project)) == (project.updated_at, project.pk)


def test_the_number_of_queries_does_not_grow_with_the_projects(client, epci):
    def cost(url):
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        return len(queries)

    make_project(epci, status=Status.UNDER_REVIEW)
    before = [cost(reverse(name)) for name in ("projects:list", "projects:home")]
    for _ in range(5):
        make_project(epci, status=Status.UNDER_REVIEW)
    assert [cost(reverse(name)) for name in ("projects:list", "projects:home")] == before


def test_each_line_tells_how_many_actors_share_the_objective(client, epci):
    project = make_project(epci, status=Status.UNDER_REVIEW)  # two groups named in words, who cannot answer
    commune, relay = make_commune(epci), make_member(epci, "relay", "Amandine Cazes", partner=make_partner(epci))
    partner = relay.memberships.get().partner
    actor = make_actor(project, partner.name, partner=partner)
    make_actor(project, commune.name, commune=commune)
    endorse(actor=actor, endorses=True, by=relay, on=START)

    def told():
        page = client.get(reverse("projects:list"))
        [(_, _, sharing)] = page.context["rows"]
        return sharing.words, f"Objectif partagé par </span>{sharing.sharing} sur {sharing.voices}<" in page.text

    assert told() == ("1 acteur sur 2 partage l’objectif", True)
    said = client.get(reverse("projects:detail", args=[project.pk])).text
    assert "2 groupes n’ont personne pour répondre ici" in said
    Project.objects.filter(pk=project.pk).update(objective_version=2)  # worded otherwise: asked again
    assert told()[0] == "0 acteur sur 2 partage l’objectif"
    said = client.get(reverse("projects:detail", args=[project.pk])).text
    assert "Aucun des 2 acteurs n’a encore dit qu’il partage l’objectif" in said
    assert "2 groupes n’ont personne pour répondre ici." in said and "0 acteur" not in said


def test_one_walks_from_an_orientation_or_an_objective_to_its_projects_and_to_those_that_have_none(client, epci):
    plan = TerritorialPlan.objects.create(intercommunality=epci, title="2032", level_labels=["Axe", "Objectif"])
    made = {"intercommunality": epci, "plan": plan}
    axis = StrategyNode.objects.create(**made, level=1, code="1", title="Grandir")
    goal = StrategyNode.objects.create(**made, level=2, code="1.1", title="Garder", parent=axis)
    tied = make_project(epci, status=Status.UNDER_REVIEW, oriented=True)
    tied.objectives.add(goal)
    alone = make_project(epci, status=Status.UNDER_REVIEW)
    orientation = tied.orientation_fits.get().orientation
    page = client.get(reverse("projects:strategy")).text
    for asked in ({"element": axis.pk}, {"element": goal.pk}, {"orientation": orientation.pk}):
        [(name, key)] = asked.items()
        assert f"?{name}={key}" in page, asked
        assert listed(client, **asked) == [tied], asked
    assert listed(client, manque="objectif") == listed(client, manque="orientation") == [alone]


@pytest.mark.parametrize("ended", [Status.REJECTED, Status.COMPLETED, Status.EVALUATED])
def test_nobody_is_asked_to_share_the_objective_of_a_project_that_is_at_its_end(client, epci, ended):
    partner = make_partner(epci)
    relay = make_member(epci, "relay", "Amandine Cazes", partner=partner)
    projects = [make_project(epci, status=status) for status in (Status.UNDER_REVIEW, ended)]
    actors = [make_actor(project, partner.name, partner=partner) for project in projects]
    pages = [reverse("projects:detail", args=[project.pk]) for project in projects]
    assert [item.url for item in objectives_to_endorse(relay, epci).items] == [pages[0]]
    client.force_login(relay)
    living, over = (client.get(page).text for page in pages)
    assert "Partagez-vous cet objectif" in living and "Pas encore de réponse" in living
    assert "Partagez-vous cet objectif" not in over and "Nous partageons l’objectif" not in over
    assert "Sans réponse" in over and "Pas encore de réponse" not in over
    meeting = [client.get(reverse("projects:convergence", args=[project.pk])).text for project in projects]
    assert "Demandez ce qui les intéresse" not in meeting[1] and "plus rien n’est demandé à ses acteurs" in meeting[1]
    assert "Dites ce qui vous intéresse" in meeting[0] and "Dites ce qui vous intéresse" not in meeting[1]
    with pytest.raises(ValidationError, match="ne change plus"):
        endorse(actor=actors[1], endorses=True, by=relay, on=START)


def test_what_was_said_of_the_objective_stays_read_once_the_project_is_done(client, epci):
    partner = make_partner(epci)
    relay = make_member(epci, "relay", "Amandine Cazes", partner=partner)
    project = make_project(epci, status=Status.UNDER_REVIEW)
    endorse(actor=make_actor(project, partner.name, partner=partner), endorses=True, by=relay, on=START)
    Project.objects.filter(pk=project.pk).update(status=Status.COMPLETED)
    client.force_login(relay)
    said = client.get(reverse("projects:detail", args=[project.pk])).text
    assert "Oui, le" in said and "(Amandine Cazes)" in said and "Nous partageons l’objectif" not in said


def test_nobody_is_counted_on_a_project_where_nobody_may_answer_yet(client, epci):
    def said(**fields):
        project = make_project(epci, status=Status.UNDER_REVIEW, **fields)
        return client.get(reverse("projects:detail", args=[project.pk])).text

    assert "acteur sur" not in said(actors=0)
    alone = said()  # two groups named in words
    assert "2 groupes n’ont personne pour répondre ici" in alone and "acteur sur" not in alone


def test_the_pages_reached_from_the_projects_light_their_entry_and_name_the_project(client, epci):
    project = make_project(epci, status=Status.UNDER_REVIEW, title="Relais itinérant")
    for name in ("opinions_mine", "surveys", "calendar", "list"):
        page = client.get(reverse(f"projects:{name}"))
        assert [entry.label for entry in page.context["navigation"] if entry.is_current] == ["Projets"], name
    for name in ("debate", "opinions", "documents", "health", "actions", "effects"):
        page = client.get(reverse(f"projects:{name}", args=[project.pk])).text
        trail = page[page.index("Fil d’Ariane") : page.index("</nav>", page.index("Fil d’Ariane"))]
        assert f"{project.reference} Relais itinérant</a>" in trail, name


def test_days_are_written_the_same_way_in_the_list_and_in_the_name_of_a_session(client, epci):
    project = make_project(epci, status=Status.UNDER_REVIEW)
    shown = raise_ordinals(date_fr(project.updated_at))
    assert f"Modifié le </span>{shown}</td>" in client.get(reverse("projects:list")).text
    body = Body(name="Conseil")
    assert str(Session(body=body, held_on=date(2026, 12, 10))).endswith("du 10\u00a0décembre\u00a02026")


def test_the_sheet_says_of_what_somebody_is_convergent(client, epci):
    project = make_project(epci, status=Status.UNDER_REVIEW, actors=0)
    for stance in ("divergent", ""):
        actor = make_actor(project, f"Acteur {stance}")
        Interest.objects.create(intercommunality=epci, actor=actor, text="Du calme", stance=stance)
    page = client.get(reverse("projects:detail", args=[project.pk]))
    assert [one["convergence"] for one in page.context["interests"]] == ["intérêt divergent", ""]
