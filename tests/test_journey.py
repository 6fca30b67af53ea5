"""The whole journey once, in a browser: an agent proposes, a coordinator instructs, a body decides, it is printed."""

from __future__ import annotations

import io

import pikepdf
import pytest
from page import validate_pdf_bytes
from pdfminer.high_level import extract_text

from partners.governance.models import Body
from projects.models import Project, Status
from tests.browsing import follow, sign_in
from tests.conftest import PATIENCE
from tests.demo import load_without_circuit

pytestmark = pytest.mark.django_db(transaction=True)
TITLE = "Jardin partagé de Cormelette"
ADVICE = "Le service des espaces verts suivra."
OBJECTIVE = "Donner à chaque quartier un lieu où cultiver et se rencontrer."


def propose(page):
    """The agent fills in the guided form, sees what is missing, and submits."""
    page.goto("/projets/proposer/")
    follow(page, page.get_by_role("button", name="Commencer"))
    page.get_by_label("Titre du projet").fill(TITLE)
    page.get_by_label("Que se passe-t-il aujourd’hui").fill("Aucun lieu de rencontre dans trois quartiers sur cinq.")
    page.get_by_label("Que voulez-vous changer ensemble").fill(OBJECTIVE)
    page.get_by_label("Quel service est rendu").fill("Jardin partagé")
    page.get_by_label("Qui en bénéficie").fill("Les habitants de Cormelette")
    follow(page, page.get_by_role("button", name="Enregistrer et continuer"))
    page.get_by_label("Plusieurs communes").check()
    page.get_by_label("Cormelette").check()
    page.get_by_label("Logement et cadre de vie").check()
    follow(page, page.get_by_role("button", name="Enregistrer et continuer"))
    add_actor(
        page,
        who="epci",
        places=("decides", "pays"),
        leads=True,
        interest="Montrer que l’intercommunalité agit près de chez soi.",
    )
    page.goto(page.url.replace("acteurs", "relecture"))
    assert page.get_by_role("button", name="Déposer le projet").is_disabled()  # one actor is not enough, and it says so
    follow(page, page.get_by_role("link", name="Nommez au moins deux acteurs"))
    add_actor(page, who="words", places=("uses",), interest="Sortir de chez soi.", name="Les habitants du quartier")
    page.goto(page.url.replace("acteurs", "relecture"))
    follow(page, page.get_by_role("button", name="Déposer le projet"))


def add_actor(page, *, who, places, interest, name="", leads=False):
    follow(page, page.get_by_role("link", name="Ajouter un acteur"))
    page.locator("[name=who]").select_option(who)
    page.locator("[name=name]").fill(name)
    for place in places:
        page.locator(f"[name=places][value={place}]").check()
    page.locator("[name=leads]").set_checked(leads)
    page.get_by_label("La personne relais reste à trouver").check()
    page.locator("[name=interest]").fill(interest)
    follow(page, page.get_by_role("button", name="Enregistrer cet acteur"))


def instruct(page, project):
    """The coordinator declares the project admissible and says which orientation it fits."""
    page.goto("/instruction/")
    assert TITLE in page.inner_text("main")
    page.goto(f"/instruction/{project.pk}/")
    page.locator("[name=recommendation]").fill(ADVICE)
    page.locator("[name=name][value=accept]").check()
    follow(page, page.locator("form:has([value=verdict]) button"))
    assert page.locator("[name=recommendation]").input_value() == ADVICE  # another form of the page was sent first
    page.locator("select[name^=fit_]").first.select_option("full")
    follow(page, page.locator("form:has([value=fit]) button"))


def decide(page, project):
    """A session of the conseil: agenda, quorum, totals, proclaimed outcome."""
    page.goto("/seances/nouvelle/")
    page.locator("[name=body]").select_option(str(Body.objects.get(kind=Body.Kind.COUNCIL).pk))
    page.locator("[name=held_on]").fill("2026-12-17")
    follow(page, page.get_by_role("button", name="Inscrire la séance"))
    page.locator("[name=project]").fill(TITLE)
    follow(page, page.locator("form[action$='ordre-du-jour/'] button"))
    page.locator("[name=in_office]").fill("48")
    page.locator("[name=present]").fill("40")
    page.locator("[name=powers]").fill("4")
    for meant in page.locator("[name=ahead]").all():  # asked while its day has not come
        meant.check()
    follow(page, page.locator("form[action$='ouvrir/'] button"))
    follow(page, page.get_by_role("link", name="Décider").first)
    for name, value in {"votes_for": 38, "votes_against": 3, "abstentions": 3, "blank_votes": 0}.items():
        page.locator(f"[name={name}]").fill(str(value))
    page.locator("[name=outcome]").select_option("adopted")
    page.locator("[name=text]").fill("Le conseil adopte le projet.")
    follow(page, page.get_by_role("button", name="Proclamer"))
    page.goto(f"/seances/{project.agenda_items.get().session_id}/")
    follow(page, page.get_by_role("button", name="Clore la séance"))


def publish(page, project):
    """The chair publishes what was decided, once the session is closed: nobody reads it before."""
    page.goto(f"/seances/{project.agenda_items.get().session_id}/")
    follow(page, page.get_by_role("button", name="Publier les décisions"))


def print_report(page):
    """The coordinator prints the projet de territoire and takes the file away.

    A document already laid out, by the suite on the other database, is handed over at once; else a page leads to it.
    """
    handed = []
    page.on("download", lambda one: handed.append(one))
    page.goto("/projet-de-territoire/impression/")
    page.get_by_role("button", name="Préparer le document").click()
    link = page.get_by_role("link", name="Télécharger").first
    for _ in range(PATIENCE // 100):
        if handed:
            break
        if link.is_visible():
            link.click()
        page.wait_for_timeout(100)
    return handed[0].path().read_bytes()


def pages_of(content, title):
    """The page where the bookmark of a project leads, and the next one: a sheet has two pages at most."""
    with pikepdf.open(io.BytesIO(content)) as pdf, pdf.open_outline() as outline:
        ranks = {page.objgen: rank for rank, page in enumerate(pdf.pages)}
        sheets = (sheet for axis in outline.root for sheet in axis.children)
        first = next(ranks[one.destination[0].objgen] for one in sheets if title in one.title)
    return range(first, first + 2)


def test_an_agent_proposes_an_elected_body_decides_a_coordinator_prints(browser_page, live_server):
    load_without_circuit()
    page = browser_page
    sign_in(page, live_server, "agent@ccvo.example")
    propose(page)
    project = Project.objects.get(title=TITLE)
    assert project.status == Status.SUBMITTED
    assert project.submissions.get().file.read(4) == b"%PDF"

    sign_in(page, live_server, "dgs@ccvo.example")
    instruct(page, project)
    decide(page, project)
    project.refresh_from_db()
    assert project.status == Status.ADOPTED

    sign_in(page, live_server, "presidente@ccvo.example")
    publish(page, project)
    page.goto(f"/projets/{project.pk}/")
    assert "38 pour, 3 contre" in page.inner_text("main")

    sign_in(page, live_server, "dgs@ccvo.example")
    content = print_report(page)
    text = " ".join(extract_text(io.BytesIO(content), page_numbers=pages_of(content, TITLE)).split())
    assert TITLE in text
    assert "38 pour" in text
    report = validate_pdf_bytes(content)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
