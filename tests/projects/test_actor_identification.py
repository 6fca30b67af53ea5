"""Who is touched, decides, does, pays, uses: named, suggested with a reason, and told when nobody is."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cooperation.french import NBSP
from partners.models import Partner, User
from projects.models import Actor, FundingLine, FundingPlan, OperatingLine, Project, Status
from projects.portfolio.filters import MISSING_CHOICES, without
from projects.proposals import services
from projects.proposals.places import Place, identify
from projects.proposals.suggestions import SHOWN, suggestions_for
from projects.report.content import gather_sheet
from projects.report.letters import blocks_of
from projects.report.tables import read_tables
from tests.factories import (
    START,
    make_actor,
    make_agent,
    make_commune,
    make_competence,
    make_coordinator,
    make_epci,
    make_partner,
    make_project,
    make_relay,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class World:
    """A draft about childcare in Bréauval, written by an agent of that commune."""

    def __init__(self):
        self.epci = make_epci()
        self.commune = make_commune(self.epci)
        self.competence = make_competence(self.epci)
        self.agent = make_agent(self.epci, commune=self.commune)
        self.draft = make_project(self.epci, author=self.agent, actors=0, beneficiaries="Les familles")
        self.draft.competences.add(self.competence)
        self.draft.communes.add(self.commune)

    def suggested(self):
        return {one.name: one for one in suggestions_for(self.draft, self.agent)}

    def past(self, partner, *, status=Status.ADOPTED, competence=None, commune=None, **places):
        project = make_project(self.epci, status=status, title="Ludothèque", actors=0)
        project.communes.add(commune or self.commune)
        project.competences.add(competence or self.competence)
        make_actor(project, partner.name, partner=partner, **places)
        return project


@pytest.fixture
def world():
    return World()


@pytest.fixture
def author(client, world):
    client.force_login(world.agent, BACKEND)
    return world.agent


# --- Holes -----------------------------------------------------------------------------------------------------------


def seat(name="La CAF", *, leads=False, has_relay=True, places=()):
    return Actor(name=name, leads=leads, is_intercommunality=has_relay, **{place.value: True for place in places})


def test_each_place_that_nobody_holds_is_told_in_words():
    told = identify([seat(leads=True, places=[Place.DECIDES, Place.DOES])])
    nobody = "Personne pour l’instant"
    assert [row.said for row in told.rows] == [nobody, "La CAF", "La CAF", nobody, nobody]
    assert told.holes == [
        "Personne n’est encore nommé parmi ceux que le projet touche.",
        "Personne n’est encore nommé parmi ceux qui paient.",
        "Personne n’est encore nommé parmi ceux qui utilisent le service.",
    ]
    assert told.sentence == "3 places à pourvoir."


def test_who_has_no_place_no_relay_or_no_leader_is_told_too():
    told = identify([seat(places=Place), seat("Les familles", has_relay=False)])
    assert told.holes == [
        "Aucun acteur ne porte encore le projet.",
        "Place à préciser : Les familles.",
        "Personne relais à trouver : Les familles.",
    ]
    assert told.sentence == "Chaque place est tenue."


def test_whoever_writes_reads_that_an_empty_place_may_wait_and_once_only_that_nobody_leads():
    told = identify([seat()], is_written=True)
    assert told.sentence == "5 places à pourvoir (cela n’empêche pas de déposer)."
    assert told.others == ["Place à préciser : La CAF."]


def test_before_the_first_actor_nothing_is_counted():
    assert identify([]).sentence == "Aucun acteur n’est encore nommé."
    assert identify([seat()]).sentence == identify([seat(leads=True)]).sentence == "5 places à pourvoir."


def test_nothing_is_missing_when_every_place_is_held():
    told = identify([seat(leads=True, places=Place)])
    assert (told.holes, told.sentence) == ([], "Chaque place est tenue, et chaque acteur a une personne relais.")


def test_a_project_without_actors_has_five_holes_and_no_more():
    assert len(identify([]).holes) == len(Place)


def test_the_intercommunality_is_answered_for_by_its_coordination(world):
    actor = make_actor(world.draft, str(world.epci), is_intercommunality=True)
    assert (actor.has_relay, actor.answered_by) == (True, "la coordination")


@pytest.mark.parametrize("page", ["step", "review_step", "detail", "review"])
def test_holes_are_shown_where_the_project_is_written_read_and_instructed(client, world, page):
    make_actor(world.draft, "La CAF", pays=True)
    person = world.agent
    if page == "review":
        Project.objects.filter(pk=world.draft.pk).update(status=Status.SUBMITTED, submitted_at="2026-09-01T10:00Z")
        person = make_coordinator(world.epci)
    client.force_login(person, BACKEND)
    address = {
        "step": reverse("projects:write", args=[world.draft.pk, "acteurs"]),
        "review_step": reverse("projects:write", args=[world.draft.pk, "relecture"]),
        "detail": reverse("projects:detail", args=[world.draft.pk]),
        "review": reverse("projects:review", args=[world.draft.pk]),
    }[page]
    html = client.get(address).content.decode()
    uses, pays = (html.partition(f'row">{one}')[2].partition("</td>")[0] for one in ("Qui utilise", "Qui paie"))
    assert "Personne pour l’instant" in uses and "La CAF" in pays and "Personne" not in pays
    assert html.count("cela n’empêche pas de déposer") == (page != "review")


def test_beside_an_interest_its_words_say_what_they_are(client, world, author):
    actor = make_actor(world.draft, "Les habitants", uses=True)
    actor.interests.create(intercommunality=world.epci, text="Venir à pied", stance="convergent")
    make_actor(world.draft, "La CAF").interests.create(intercommunality=world.epci, text="Former")
    html = client.get(reverse("projects:detail", args=[world.draft.pk])).content.decode()
    assert f"<span>place{NBSP}: utilise</span><span>intérêt convergent</span>" in html
    assert "<strong>La CAF</strong><span>place à préciser</span></p>" in html
    read_again = client.get(reverse("projects:write", args=[world.draft.pk, "relecture"])).content.decode()
    assert f"Les habitants (place{NBSP}: utilise)" in read_again


def test_nobody_is_counted_as_sharing_an_objective_that_is_not_written(client, world, author):
    make_actor(world.draft, str(world.epci), is_intercommunality=True)
    page = reverse("projects:detail", args=[world.draft.pk])
    assert "qu’il partage l’objectif" in client.get(page).content.decode()
    Project.objects.filter(pk=world.draft.pk).update(shared_objective="")
    assert "qu’il partage l’objectif" not in client.get(page).content.decode()


def test_what_is_left_to_complete_leads_to_its_step_from_the_page_of_the_project(client, world, author):
    html = client.get(reverse("projects:detail", args=[world.draft.pk])).content.decode()
    address = reverse("projects:write", args=[world.draft.pk, "acteurs"])
    assert f'<li><a href="{address}">Dites quel acteur porte le projet.</a></li>' in html


# --- Suggestions -----------------------------------------------------------------------------------------------------


def test_a_partner_is_suggested_by_its_competence_and_the_reason_says_so(world):
    partner = make_partner(world.epci)
    partner.competences.add(world.competence)
    partner.communes.add(world.commune)
    assert world.suggested()[partner.name].reason == (
        "L’annuaire lui donne la compétence « Relais petite enfance » ; dessert Bréauval."
    )


def test_a_commune_in_common_is_enough_for_who_welcomes_the_public_and_for_nobody_else(world):
    for name, kind in (("CCAS de Bréauval", "ccas"), ("Boule des Aubes", "association")):
        partner = make_partner(world.epci, name)
        Partner.objects.filter(pk=partner.pk).update(kind=kind)
        partner.communes.add(world.commune)
    assert "CCAS de Bréauval" in world.suggested()
    assert "Boule des Aubes" not in world.suggested()


def test_who_took_part_in_an_adopted_project_is_suggested_with_the_places_it_held(world):
    partner = make_partner(world.epci)
    world.past(partner, pays=True, does=True)
    one = world.suggested()[partner.name]
    assert one.reason == "A pris part au projet « Ludothèque » (même compétence)."
    assert one.places == (Place.DOES, Place.PAYS)


@pytest.mark.parametrize("status", [Status.DRAFT, Status.SUBMITTED, Status.REJECTED, Status.ABANDONED])
def test_a_project_that_was_not_adopted_suggests_nobody(world, status):
    partner = make_partner(world.epci)
    world.past(partner, status=status)
    assert partner.name not in world.suggested()


def test_a_project_that_the_author_does_not_see_is_never_cited(world):
    partner = make_partner(world.epci)
    world.past(partner, commune=make_commune(world.epci, "Ailleurs"))
    assert partner.name not in world.suggested()


def test_nothing_crosses_from_one_intercommunality_to_another(world):
    other = make_epci(1)
    partner = make_partner(other)
    partner.competences.add(world.competence)  # as a fault elsewhere could have written it
    assert partner.name not in world.suggested()


def test_the_intercommunality_the_communes_and_the_beneficiaries_are_suggested_until_they_are_named(world):
    found = world.suggested()
    assert {str(world.epci), "Bréauval", "Les familles"} <= set(found)
    assert found["Les familles"].places == (Place.USES,)
    for name in (str(world.epci), "Bréauval", "Les familles"):
        one = world.suggested()[name]
        services.name_suggested(project=world.draft, who=one.who, name=one.name, by=world.agent)
    assert world.suggested() == {}
    assert {actor.name: actor.role for actor in world.draft.actors.all()} == {
        str(world.epci): "décide", "Bréauval": "est touché", "Les familles": "utilise",
    }  # fmt: skip


def test_a_suggestion_is_added_in_one_click_with_the_relay_person_of_the_directory(client, author, world):
    partner = make_partner(world.epci)
    partner.competences.add(world.competence)
    relay = make_relay(partner)
    page = client.get(reverse("projects:write", args=[world.draft.pk, "acteurs"])).content.decode()
    assert "L’annuaire lui donne la compétence" in page
    address = reverse("projects:actor_suggested", args=[world.draft.pk])
    client.post(address, {"who": f"partner:{partner.pk}", "name": partner.name})
    actor = world.draft.actors.get(partner=partner)
    assert (actor.relay, actor.relay_to_be_found) == (relay, False)


def test_between_two_relay_persons_the_author_chooses(world):
    partner = make_partner(world.epci)
    partner.competences.add(world.competence)
    make_relay(partner)
    make_relay(partner, "Léa Marin")
    actor = services.name_suggested(project=world.draft, who=f"partner:{partner.pk}", name=partner.name, by=world.agent)
    assert (actor.relay, actor.relay_to_be_found) == (None, False)


def test_what_was_not_suggested_is_not_named_by_posting(client, author, world):
    foreign = make_partner(make_epci(1), "Ailleurs")
    address = reverse("projects:actor_suggested", args=[world.draft.pk])
    for who, name in ((f"partner:{foreign.pk}", "Ailleurs"), ("words", "N’importe qui"), ("partner:x", ""), ("", "")):
        assert client.post(address, {"who": who, "name": name}).status_code == 302
    assert not world.draft.actors.exists()
    with pytest.raises(ValidationError, match="ne tient plus"):
        services.name_suggested(project=world.draft, who="words", name="N’importe qui", by=world.agent)


def test_suggestions_are_few_and_cost_the_same_whatever_their_number(world):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert len(suggestions_for(world.draft, world.agent)) <= SHOWN
        return len(captured)

    def more(times):
        for number in range(times):
            partner = make_partner(world.epci, f"Partenaire {times} {number}")
            partner.competences.add(world.competence)
            world.past(partner, pays=True)

    more(2)
    cost()
    before = cost()
    more(9)
    assert cost() == before


# --- Form, list, paper ------------------------------------------------------------------------------------------------


def test_an_actor_holds_several_places_and_one_alone_leads(client, author, world):
    make_actor(world.draft, "La CAF", leads=True)
    address = reverse("projects:actor_add", args=[world.draft.pk])
    said = {"who": f"commune:{world.commune.pk}", "places": ["is_touched", "pays", "uses"], "relay_to_be_found": "on"}
    refused = client.post(address, said | {"leads": "on"})
    assert refused.status_code == 422
    assert "«\xa0La CAF\xa0» porte déjà le projet\xa0: un seul acteur peut le porter." in refused.content.decode()
    assert client.post(address, said).status_code == 302
    actor = world.draft.actors.get(commune=world.commune)
    assert actor.role == "est touché, paie, utilise"
    page = client.get(reverse("projects:actor_edit", args=[world.draft.pk, actor.pk])).content.decode()
    assert page.count("checked") == 4  # its three places, and the relay to be found
    client.post(reverse("projects:actor_edit", args=[world.draft.pk, actor.pk]), said | {"places": ["decides"]})
    actor.refresh_from_db()
    assert actor.role == "décide"


@pytest.mark.parametrize(
    ("missing", "place"),
    [("touche", "is_touched"), ("decide", "decides"), ("fait", "does"), ("paie", "pays"), ("utilise", "uses")],
)
def test_the_list_finds_the_projects_where_a_place_is_empty(world, missing, place):
    full, empty = (make_project(world.epci, status=Status.ADOPTED, actors=0) for _ in range(2))
    make_actor(full, "La CAF", **{place: True})
    make_actor(empty, "La CAF", leads=True)
    found = without(missing, Project.objects.filter(pk__in=[full.pk, empty.pk]))
    assert list(found) == [empty]
    assert missing in MISSING_CHOICES


def test_the_list_finds_the_projects_without_any_funder(world):
    funded, costed, run = (make_project(world.epci, actors=0) for _ in range(3))
    for project in (funded, costed):
        plan = FundingPlan.objects.create(intercommunality=world.epci, project=project, cost_excl_tax=10)
        amount = 10 if project is funded else 0
        FundingLine.objects.create(intercommunality=world.epci, plan=plan, funder="CAF", amount=amount, nature="public")
    running = FundingPlan.objects.create(intercommunality=world.epci, project=run, cost_excl_tax=0)
    OperatingLine.objects.create(intercommunality=world.epci, plan=running, label="CAF", amount=5)
    found = without("financement", Project.objects.filter(pk__in=[funded.pk, costed.pk, run.pk]))
    assert list(found) == [costed]


def test_the_intercommunality_alone_does_not_count_as_without_a_relay(world):
    make_actor(world.draft, str(world.epci), is_intercommunality=True)
    assert not without("relais", Project.objects.filter(pk=world.draft.pk)).exists()


def test_the_sheet_the_letter_and_the_workbook_tell_the_places(world):
    make_actor(world.draft, "La CAF", leads=True, pays=True)
    sheet = gather_sheet(world.draft, today=START)
    assert [actor.role for actor in sheet.actors] == ["porte le projet, paie"]
    told = {row for _, _, tables in blocks_of(sheet) for _, _, rows in tables for row in rows}
    assert ("La CAF", "porte le projet, paie", "à trouver") in told
    table = next(one for one in read_tables(Project.objects.all()) if one.name == "Acteurs")
    told = dict(zip(table.headers, table.rows[0], strict=True))
    assert (told["Porte le projet"], told["Paie"], told["Décide"]) == ("oui", "oui", "")


def test_a_public_sheet_names_no_hole(world):
    make_actor(world.draft, "La CAF")
    assert [actor.role for actor in gather_sheet(world.draft, today=START, public=True).actors] == ["participe"]


# --- Large projects, and the demo territory --------------------------------------------------------------------------


def test_the_communes_of_a_large_project_leave_room_for_its_partners(world):
    world.draft.scale = Project.Scale.SEVERAL
    world.draft.communes.add(*(make_commune(world.epci, f"Commune {rank}") for rank in range(8)))
    partner = make_partner(world.epci, "Maison de l’enfance")
    partner.competences.add(world.competence)
    suggested = list(world.suggested())
    assert len(suggested) == SHOWN
    assert suggested[-1] == "Maison de l’enfance"


def test_where_all_communes_are_concerned_none_is_named_and_none_makes_a_partner_near(world):
    partner = make_partner(world.epci, "CCAS de Bréauval")
    Partner.objects.filter(pk=partner.pk).update(kind=Partner.Kind.CCAS)
    partner.communes.add(world.commune)
    world.draft.communes.add(*(make_commune(world.epci, f"Zone {rank}") for rank in range(8)))
    world.draft.scale = Project.Scale.SEVERAL
    assert {partner.name, world.commune.name} <= set(world.suggested())
    world.draft.scale = Project.Scale.ALL
    assert not {partner.name, world.commune.name} & set(world.suggested())


@pytest.mark.parametrize(
    ("reference", "name", "reason"),
    [
        ("P24", "Fédération de pêche du 96", "L’annuaire lui donne la compétence « GEMAPI"),
        ("P13", "CCAS d’Orvelle-le-Château", "Dessert Orvelle-le-Château"),
        ("P14", "Banque des territoires", "A pris part au projet « Réinvestir la rue Basse"),
    ],
)
def test_the_demo_suggests_by_competence_by_commune_and_from_past_projects(demo_territory, reference, name, reason):
    officer = User.objects.get(email="projet@ccvo.example")
    project = Project.objects.get(reference=reference)
    suggested = {one.name: one.reason for one in suggestions_for(project, officer)}
    assert suggested[name].startswith(reason)


def test_the_demo_says_of_each_partner_what_its_name_or_its_role_says(demo_territory):
    def of(code):
        partner = Partner.objects.get(code=code)
        return {one.name for one in partner.communes.all()}, {one.label for one in partner.competences.all()}

    assert of("PA24") == ({"Bréauval"}, set())
    assert of("PA37")[1] == {"Mobilité (AOM)"}
    assert [len(of(code)[0]) for code in ("PA01", "PA30", "PA36")] == [22, 1, 3]
    assert Partner.objects.filter(communes=None).count() == 1  # « Le Fil d’argent »: nothing says where
