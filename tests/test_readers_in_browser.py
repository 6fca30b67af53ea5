"""People who write little: a relay person from her invitation on, an élu who reads a project, one who opens another."""

from __future__ import annotations

import pytest

from partners.models import Partner
from partners.people.models import Role
from projects.models import Contribution, Endorsement, Interest, Mark, Notice, Opinion, Origin, Project, Status
from tests.browsing import press, sign_in
from tests.demo import load
from tests.factories import make_actor, make_commune, make_coordinator, make_epci, make_invitation, make_member

pytestmark = pytest.mark.django_db(transaction=True)
PARTNER = "Association Les Petits Lierres (assistantes maternelles)"


def accept(page):
    page.goto("/invitation/un-lien/")
    page.get_by_label("Prénom et nom").fill("Odile Vasseur")
    page.get_by_label("Mot de passe").fill("quatre mots pour se souvenir")
    page.get_by_label("J’accepte que mon nom").check()
    press(page, "button", "Accepter l’invitation")


def state_an_interest(page):
    press(page, "link", "Voir la convergence, dire un intérêt")
    press(page, "link", f"Dire un intérêt : {PARTNER}")
    page.get_by_label("En quoi le projet sert-il").fill("Partager un local entre collègues.")
    page.get_by_label("Qui peut le lire").select_option(label="les membres de votre organisation")
    press(page, "button", "Enregistrer")


def bear_witness(page, project):
    page.goto(f"/projets/{project.pk}/")
    press(page, "link", "Lire le débat et contribuer")
    page.get_by_label("Un vécu").check()
    page.get_by_label("Ce que vous voulez dire").fill("Trois d’entre nous ont cessé cette année.")
    press(page, "button", "Publier")


@pytest.mark.parametrize("width", [820, 360])
def test_a_relay_person_comes_by_invitation_and_speaks_for_her_structure_only(browser_page, live_server, width):
    load()
    partner = Partner.objects.get(name=PARTNER)
    make_invitation(partner, token="un-lien", email="odile@lespetitslierres.example")
    project = Project.objects.get(reference="P01")
    page = browser_page
    page.set_viewport_size({"width": width, "height": 900})
    accept(page)
    page.goto("/")
    press(page, "link", project.title)
    press(page, "button", "Nous partageons l’objectif")
    assert Endorsement.objects.filter(actor__project=project, given_by_name="Odile Vasseur", endorses=True).exists()
    state_an_interest(page)
    stated = Interest.objects.get(text="Partager un local entre collègues.")
    assert stated.visibility == Interest.Visibility.OWN
    bear_witness(page, project)
    assert Contribution.objects.get(author_name="Odile Vasseur").organisation == PARTNER
    # What does not concern her structure does not exist for her.
    others = Project.objects.exclude(actors__partner=partner).first()
    assert page.goto(f"/projets/{others.pk}/").status == 404
    assert page.goto("/partenaires/").status == 403
    assert page.goto(partner.get_absolute_url()).status == 200


def test_an_elu_opens_a_project_weighs_it_gives_an_opinion_and_keeps_it_in_sight(browser_page, live_server):
    load()
    page = browser_page
    sign_in(page, live_server, "presidente@ccvo.example")
    page.goto("/")
    press(page, "link", "Conseil intercommunal des jeunes")
    press(page, "link", "Lire le projet en entier")
    project = Project.objects.get(title="Conseil intercommunal des jeunes")
    press(page, "link", "Voir la convergence, dire un intérêt")
    assert "La prochaine étape" in page.inner_text("main")
    page.goto(f"/projets/{project.pk}/")
    press(page, "link", "Voir ce qui a changé entre deux jours")
    assert "Ce qui a changé" in page.inner_text("h1")
    page.goto(f"/projets/{project.pk}/")
    press(page, "link", "Marquer ce projet")
    page.get_by_label("Une note pour vous").fill("À relire avant le conseil")
    press(page, "button", "Marquer")
    assert Mark.objects.get(project=project).note == "À relire avant le conseil"
    page.goto("/avis/")
    press(page, "link", project.title)
    page.get_by_label("Favorable avec réserves").check()
    page.get_by_label("En quelques mots").fill("Oui, si les lycéens y sont.")
    press(page, "button", "Rendre cet avis")
    assert Opinion.objects.filter(request__project=project, given_by_name="Hélène Marchadier").exists()
    assert not Notice.objects.filter(
        person__email="presidente@ccvo.example"
    ).exists()  # nobody is told of their own act


def test_an_elu_opens_a_project_that_goes_to_the_services_at_once_and_shows_where_it_was_born(
    browser_page, live_server
):
    epci = make_epci()
    commune = make_commune(epci)
    elu = make_member(epci, Role.ELECTED, "Patrick Oudinet", commune=commune)
    coordinator = make_coordinator(epci)
    page = browser_page
    sign_in(page, live_server, elu.email)
    page.goto("/projets/proposer/")
    press(page, "button", "Ouvrir un projet né du débat politique")
    page.get_by_label("Titre du projet").fill("Maison de santé")
    page.get_by_label("Que se passe-t-il aujourd’hui").fill("Le dernier médecin part en juin.")
    page.get_by_label("Que voulez-vous changer ensemble").fill("Un médecin à moins de 20 minutes.")
    page.get_by_label("Quel service est rendu").fill("Santé")
    page.get_by_label("Qui en bénéficie").fill("Les habitants")
    press(page, "button", "Enregistrer et continuer")
    page.get_by_label("Toute l’intercommunalité").check()
    page.get_by_label("Aucune ne convient").fill("À étudier avec les services.")
    press(page, "button", "Enregistrer et continuer")
    project = Project.objects.get(title="Maison de santé")
    page.goto(f"/projets/{project.pk}/proposer/relecture/")
    assert page.get_by_role("button", name="Confier à l’étude").is_disabled()  # nobody is named yet, and it says so
    for number, place in enumerate(("leads", "uses"), 1):
        make_actor(project, f"Acteur {number}", **{place: True})
    page.reload()
    press(page, "button", "Confier à l’étude")
    project.refresh_from_db()
    assert (project.status, project.origin, project.author) == (Status.UNDER_REVIEW, Origin.POLITICAL, elu)
    sign_in(page, live_server, coordinator.email)
    page.goto(f"/instruction/{project.pk}/")
    assert "Maison de santé" in page.inner_text("main")
    page.goto(f"/projets/{project.pk}/")
    assert "Débat politique" in page.inner_text("main")
