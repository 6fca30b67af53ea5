"""Interests are each actor's own; they converge when every group agrees and none is antagonistic."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from partners.people.models import Role
from projects.convergence import services
from projects.convergence.rules import (
    Group,
    Link,
    LinkKind,
    Standing,
    Voice,
    converges,
    next_step,
    standing_of,
    standing_said,
)
from projects.models import Interest, InterestLink, ObjectiveVersion, Status
from projects.proposals.services import endorse
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

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def voice(key, group, endorses=True, has_interest=True):
    return Voice(key, f"Acteur {key}", group, endorses, has_interest)


AGREED = [voice(1, Group.COMMUNES), voice(2, Group.COMMUNES), voice(3, Group.EPCI), voice(4, Group.PARTNERS)]
MET = [Link(1, 3, LinkKind.COMMON), Link(2, 4, LinkKind.COMPLEMENTARY)]


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        ([], Standing.ABSENT),
        ([True, True], Standing.AGREES),
        ([True, None], Standing.AWAITED),
        ([True, None, False], Standing.DIVIDED),
    ],
)
def test_a_group_agrees_when_all_its_actors_do(answers, standing):
    assert standing_of([voice(key, Group.COMMUNES, answer) for key, answer in enumerate(answers)]) == standing


def test_interests_converge_when_each_group_agrees_whatever_its_size():
    assert converges(AGREED, MET)
    many = [voice(key, Group.COMMUNES) for key in range(10, 30)]
    assert not converges([*many, voice(4, Group.PARTNERS, endorses=False)], [])


def test_one_antagonism_stops_the_convergence():
    assert not converges(AGREED, [*MET, Link(1, 4, LinkKind.ANTAGONISTIC)])


def test_a_group_alone_does_not_converge_with_itself():
    assert not converges([voice(1, Group.COMMUNES), voice(2, Group.COMMUNES)], [])


@pytest.mark.parametrize(
    ("voices", "links", "words"),
    [
        ([voice(1, Group.EPCI)], [], "au moins deux acteurs"),
        (
            [*AGREED, voice(5, Group.PARTNERS, has_interest=False)],
            MET,
            "ce qui les intéresse dans le projet : Acteur 5",
        ),
        (AGREED, [Link(1, 4, LinkKind.ANTAGONISTIC)], "Réunissez Acteur 1 et Acteur 4"),
        (AGREED, [], "Comparez les intérêts deux à deux"),
        ([*AGREED, voice(5, Group.PARTNERS, endorses=False)], MET, "Reprenez l’objectif avec ceux"),
        ([*AGREED, voice(5, Group.PARTNERS, endorses=None)], MET, "Demandez s’ils partagent l’objectif : Acteur 5"),
        (AGREED, MET, "Les intérêts convergent"),
    ],
)
def test_the_next_step_is_one_sentence(voices, links, words):
    assert words in next_step(voices, links)


def test_nobody_is_told_to_ask_themselves():
    silent = [voice(1, Group.EPCI, has_interest=False), voice(2, Group.PARTNERS, has_interest=False)]
    assert next_step(silent, [], own={2}) == (
        "Dites ce qui vous intéresse dans le projet, au nom de «\xa0Acteur 2\xa0». "
        "Demandez aussi ce qui les intéresse dans le projet : Acteur 1."
    )
    assert "Demandez" not in next_step([voice(1, Group.EPCI), silent[1]], [], own={2})


def test_opinions_differ_when_there_are_two_of_them():
    def said(*answers):
        voices = [voice(key, Group.COMMUNES, answer) for key, answer in enumerate(answers)]
        return standing_said(standing_of(voices), voices)

    assert said(False) == said(False, False) == "pas encore d’accord"
    assert said(True, False) == "d’avis partagés"


@pytest.fixture
def world(db):
    epci = make_epci()
    partner = make_partner(epci)
    commune = make_commune(epci)
    author = make_agent(epci)
    project = make_project(epci, author=author, status=Status.UNDER_REVIEW)
    project.communes.add(commune)
    return {
        "epci": epci,
        "author": author,
        "project": project,
        "partner": make_actor(project, partner.name, partner=partner),
        "commune": make_actor(project, commune.name, commune=commune),
        "relay": make_member(epci, Role.RELAY, partner=partner),
        "mayor": make_member(epci, Role.ELECTED, commune=commune),
        "clerk": make_coordinator(epci),
    }


def state(world, actor, text, by, visibility="everyone"):
    return services.state_interest(
        interest=Interest(actor=world[actor], text=text, visibility=visibility), by=world[by]
    )


def test_an_actor_speaks_for_itself_and_for_nobody_else(world):
    assert state(world, "partner", "Des familles plus proches", "relay").pk
    for by in ("mayor", "clerk", "author"):
        with pytest.raises(PermissionDenied):
            state(world, "partner", "À leur place", by)


def test_an_interest_is_read_by_those_whom_its_actor_allows(world):
    for visibility in ("own", "actors", "everyone"):
        state(world, "partner", visibility, "relay", visibility)
    outsider = make_member(world["epci"], Role.ELECTED)

    def read_by(user):
        return {interest.text for interest in Interest.objects.visible_to(user).filter(actor=world["partner"])}

    assert read_by(world["relay"]) == {"own", "actors", "everyone"}
    assert read_by(world["mayor"]) == {"actors", "everyone"}
    assert read_by(outsider) == {"everyone"}
    assert read_by(world["author"]) == {"everyone"}
    assert {interest.text for interest in Interest.objects.shared().filter(actor=world["partner"])} == {"everyone"}


def test_what_an_actor_keeps_to_itself_is_on_no_page_of_the_others(world, client):
    state(world, "partner", "Confidence à garder", "relay", "own")
    project = world["project"]
    pages = [project.get_absolute_url(), reverse("projects:convergence", args=[project.pk])]
    for name in ("mayor", "clerk", "author"):
        client.force_login(world[name], BACKEND)
        for page in pages:
            assert "Confidence à garder" not in client.get(page).content.decode()
    client.force_login(world["clerk"], BACKEND)
    assert "1 intérêt exprimé" in client.get(pages[1]).content.decode()
    client.force_login(world["relay"], BACKEND)
    assert all("Confidence à garder" in client.get(page).content.decode() for page in pages)


def test_two_interests_are_compared_once_and_by_those_who_lead_the_work(world):
    one = state(world, "partner", "Un lieu calme", "relay")
    other = state(world, "commune", "Une saison plus longue", "mayor")
    given = {"project": world["project"], "one": one, "other": other, "note": "Le bruit"}
    with pytest.raises(PermissionDenied):
        services.compare(**given, kind="antagonistic", by=world["mayor"])
    services.compare(**given, kind="antagonistic", by=world["clerk"])
    services.compare(**given | {"one": other, "other": one}, kind="complementary", by=world["clerk"])
    assert [link.kind for link in InterestLink.objects.all()] == ["complementary"]
    with pytest.raises(ValidationError, match="deux intérêts différents"):
        services.compare(**given | {"other": one}, kind="common", by=world["clerk"])


def test_interests_of_two_projects_are_not_compared(world):
    other = make_project(world["epci"])
    stranger = Interest.objects.create(
        intercommunality=world["epci"], actor=make_actor(other, "Autre"), text="Ailleurs"
    )
    one = state(world, "partner", "Ici", "relay")
    with pytest.raises(ValidationError, match="pas ceux de ce projet"):
        services.compare(project=world["project"], one=one, other=stranger, kind="common", note="", by=world["clerk"])


def test_the_page_draws_the_matrix_and_says_the_same_in_words(world, client):
    one = state(world, "partner", "Un lieu calme", "relay")
    other = state(world, "commune", "Une saison plus longue", "mayor")
    services.compare(
        project=world["project"], one=one, other=other, kind="antagonistic", note="Le bruit", by=world["clerk"]
    )
    endorse(actor=world["partner"], endorses=True, by=world["relay"], on=date(2026, 11, 1))
    client.force_login(world["clerk"], BACKEND)
    html = client.get(reverse("projects:convergence", args=[world["project"].pk])).content.decode()
    assert "intérêts antagonistes avec" in html
    assert 'class="matrix"' in html


def test_the_page_names_who_is_awaited_who_keeps_silent_and_puts_oneself_first(world, client):
    state(world, "commune", "Une saison plus longue", "mayor")
    endorse(actor=world["commune"], endorses=False, by=world["mayor"], on=date(2026, 11, 1))
    client.force_login(world["mayor"], BACKEND)
    answer = client.get(reverse("projects:convergence", args=[world["project"].pk]))
    told = {group["label"]: (group["standing"], group["who"]) for group in answer.context["groups"]}
    assert told == {"Communes": ("divided", "Bréauval"), "Partenaires": ("awaited", "CAF du Val-de-Lierre")}
    assert answer.context["silent"] == "Acteur 1, Acteur 2 et CAF du Val-de-Lierre"
    assert answer.context["lines"][0]["actor"].name == "Bréauval"


def test_one_reads_on_the_page_to_say_and_where_and_no_answer_is_awaited_of_a_group(world, client):
    make_actor(world["project"], "Les familles")
    client.force_login(world["relay"], BACKEND)
    answer = client.get(reverse("projects:convergence", args=[world["project"].pk]))
    address = reverse("projects:interest_state", args=[world["project"].pk, world["partner"].pk])
    assert answer.context["next_step"].startswith("Dites ce qui vous intéresse dans le projet")
    assert f'<p class="actions"><a class="button" href="{address}">' in answer.content.decode()
    told = {row[0]: row[1] for row in answer.context["matrix_rows"]}
    assert told["Les familles"] == "personne ne peut répondre ici au nom de ce groupe"
    assert told[world["partner"].name] == "réponse attendue"


def test_the_page_keeps_its_number_of_queries(world, client, django_assert_max_num_queries):
    for number in range(12):
        actor = make_actor(world["project"], f"Groupe {number}")
        Interest.objects.create(intercommunality=world["epci"], actor=actor, text="Un intérêt")
    client.force_login(world["clerk"], BACKEND)
    with django_assert_max_num_queries(28):
        client.get(reverse("projects:convergence", args=[world["project"].pk]))


def test_a_new_wording_asks_everyone_again_and_says_why(world, client):
    project, author = world["project"], world["author"]
    endorse(actor=world["partner"], endorses=True, by=world["relay"], on=date(2026, 11, 1))
    project.status = Status.TO_COMPLETE
    project.save()
    client.force_login(author, BACKEND)
    page = reverse("projects:write", args=[project.pk, "besoin"])
    project.refresh_from_db()
    typed = {
        "title": project.title, "need": project.need, "service": project.service,
        "beneficiaries": project.beneficiaries, "shared_objective": "Un relais à moins de 10 minutes.",
        "version": project.version,
    }  # fmt: skip
    refused = client.post(page, typed).content.decode()
    assert "Dites pourquoi l’objectif change" in refused
    assert "Un relais à moins de 10 minutes." in refused
    project.refresh_from_db()
    assert project.objective_version == 1
    client.post(page, typed | {"why": "Les familles demandent mieux.", "version": project.version})
    project.refresh_from_db()
    assert project.objective_version == 2
    assert project.shared_objective == "Un relais à moins de 10 minutes."
    told = list(ObjectiveVersion.objects.values_list("number", "reason"))
    assert told == [(1, ""), (2, "Les familles demandent mieux.")]


@pytest.mark.django_db
def test_taking_an_interest_back_is_asked_once_to_who_may(client):
    epci = make_epci()
    partner = make_partner(epci)
    project = make_project(epci, author=make_agent(epci), status=Status.ADOPTED)
    actor = make_actor(project, partner.name, partner=partner)
    said = Interest.objects.create(intercommunality=epci, actor=actor, text="Un local partagé.", visibility="own")
    client.force_login(make_member(epci, Role.RELAY, "Amandine Cazes", partner=partner), BACKEND)
    address = reverse("projects:interest_withdraw", args=[project.pk, said.pk])
    page = client.get(reverse("projects:convergence", args=[project.pk])).text
    assert f'href="{address}"' in page and "Lu par les membres de votre organisation seulement" in page
    assert "Un local partagé." in client.get(address).text
    assert project.actors.get(pk=actor.pk).interests.exists()  # following a link does nothing
    client.post(address)
    assert not Interest.objects.filter(pk=said.pk).exists()


@pytest.mark.django_db
def test_who_reads_an_interest_is_told_to_one_of_them(client):
    epci = make_epci()
    partner = make_partner(epci)
    project = make_project(epci, author=make_agent(epci), status=Status.ADOPTED)
    actor = make_actor(project, partner.name, partner=partner)
    client.force_login(make_member(epci, Role.RELAY, "Amandine Cazes", partner=partner), BACKEND)
    page = client.get(reverse("projects:interest_state", args=[project.pk, actor.pk])).text
    assert "les membres de votre organisation" in page and "ses propres membres" not in page
    # What is typed there is kept on the device when the connection is lost.
    assert "data-coop-keep=" in page and "data-coop-keep-state" in page and "js/keep" in page
    arrival = client.get(reverse("projects:convergence", args=[project.pk])).text
    assert "js/keep" in arrival  # where one arrives once it is sent: it is forgotten there


def test_whoever_speaks_for_an_actor_reads_vous_and_whoever_writes_for_a_group_reads_of_it(world, client):
    group = make_actor(world["project"], "Les riverains")
    own = world["project"].actors.exclude(partner=None).first()
    pages = []
    for name, actor in (("clerk", group), ("relay", own)):
        client.force_login(world[name], BACKEND)
        pages.append(client.get(reverse("projects:interest_state", args=[world["project"].pk, actor.pk])).text)
    of_group, of_own = pages
    assert "Ce qu’il craint" in of_group and "Ce que vous craignez" not in of_group
    assert "Ce que vous craignez" in of_own and "Ce qu’il craint" not in of_own
    back = reverse("projects:convergence", args=[world["project"].pk])
    assert f'<a class="button button--quiet" href="{back}">Annuler</a>' in of_own
