"""Writing a proposal: nothing typed is lost, nothing foreign gets in, and what is missing is said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cooperation.french import date_fr
from partners.models import Partner, Relay
from projects.models import Actor, Endorsement, FundingLine, FundingPlan, Interest, Project, Status, SubmissionDocument
from projects.proposals import services
from projects.proposals.completeness import lacks_of
from tests.factories import (
    START,
    make_actor,
    make_agent,
    make_commune,
    make_competence,
    make_coordinator,
    make_epci,
    make_member,
    make_partner,
    make_project,
    make_relay,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def author(client, epci):
    author = make_agent(epci)
    client.force_login(author, "allauth.account.auth_backends.AuthenticationBackend")
    return author


@pytest.fixture
def epci():
    return make_epci()


def step(project, slug="besoin"):
    return reverse("projects:write", args=[project.pk, slug])


def said(project, **texts):
    return {"version": project.version, "title": "", "need": "", "shared_objective": "", "service": "",
            "beneficiaries": "", **texts}  # fmt: skip


def test_starting_opens_a_draft_with_a_reference_of_its_own(client, author, epci):
    first = client.post(reverse("projects:start"))
    client.post(reverse("projects:start"))
    assert first.status_code == 302
    references = set(Project.objects.values_list("reference", flat=True))
    assert len(references) == 2
    assert all(project.author == author for project in Project.objects.all())


def test_an_incomplete_step_is_saved_and_leads_to_the_next_one(client, author, epci):
    project = make_project(epci, author=author, complete=False)
    answer = client.post(step(project), said(project, title="Jardin partagé"))
    assert answer.url == step(project, "lieu")
    project.refresh_from_db()
    assert project.title == "Jardin partagé"


def test_what_is_valid_is_kept_when_something_else_is_not(client, author, epci):
    project = make_project(epci, author=author)
    data = {"version": project.version, "resources": "Une animatrice.", "starts_on": "n’importe quand", "ends_on": ""}
    answer = client.post(step(project, "moyens"), data)
    assert answer.status_code == 422
    assert "n’importe quand" in answer.content.decode()
    project.refresh_from_db()
    assert project.resources == "Une animatrice."


def test_it_saves_itself_and_says_what_is_still_missing(client, author, epci):
    project = make_project(epci, author=author, complete=False)
    answer = client.post(step(project), said(project, title="Jardin"), headers={"X-Autosave": "1"})
    assert answer.json()["version"] == project.version + 1
    assert "titre" not in answer.json()["around"]["lacks"]
    project.refresh_from_db()
    assert project.title == "Jardin"


def test_the_law_and_the_steps_follow_what_is_written(client, author, epci):
    project = make_project(epci, author=author, complete=False)
    competence = make_competence(epci, label="Petite enfance")
    said = {"version": project.version, "scale": "all"}
    around = client.post(step(project, "lieu"), said, headers={"X-Autosave": "1"}).json()["around"]
    assert around["law"].strip() == "" and "Choisissez une compétence" in around["lacks"]
    said |= {"version": project.version + 1, "competences": [competence.pk]}
    around = client.post(step(project, "lieu"), said, headers={"X-Autosave": "1"}).json()["around"]
    assert "« Petite enfance »" in around["law"].replace("\xa0", " ") and "Ensuite" in around["law"]
    assert "Choisissez une compétence" not in around["lacks"]
    assert "2 points à compléter" not in around["steps"].partition("Avec qui")[0]


def test_a_step_with_an_answer_refused_is_not_ticked(client, author, epci):
    project = make_project(epci, author=author)
    dates = {"starts_on": "2027-09-01", "ends_on": "2027-01-01"}
    kept = {"version": project.version, "owner_kind": "epci", "resources": "Un agent"}
    client.post(step(project, "moyens"), kept)
    refused = client.post(step(project, "moyens"), kept | dates | {"version": project.version + 1})
    means = next(one for one in refused.context["steps"] if one["label"] == "Les moyens")
    assert refused.status_code == 422
    assert (means["is_done"], means["note"]) == (False, "1 réponse à corriger")


def test_a_second_editor_sees_both_texts_and_overwrites_nothing(client, author, epci):
    project = make_project(epci, author=author)
    client.post(step(project), said(project, title="Le texte de l’une"))
    late = client.post(step(project), said(project, title="Le texte de l’autre"))
    assert late.status_code == 409
    assert "Le texte de l’une" in late.content.decode()
    assert "Le texte de l’autre" in late.content.decode()
    project.refresh_from_db()
    assert project.title == "Le texte de l’une"


def test_autosave_tells_a_conflict_without_saving(client, author, epci):
    project = make_project(epci, author=author)
    client.post(step(project), said(project, title="Le texte de l’une"))
    assert client.post(step(project), said(project), headers={"X-Autosave": "1"}).status_code == 409


def test_a_field_that_is_not_in_the_form_is_never_written(client, author, epci):
    project = make_project(epci, author=author)
    other = make_agent(epci, "Tom Rivoire")
    client.post(step(project), said(project, status="adopted", author=other.pk, reference="P99", intercommunality=7))
    project.refresh_from_db()
    assert (project.status, project.author) == (Status.DRAFT, author)
    assert project.reference != "P99"


def test_a_commune_of_another_epci_is_refused(client, author, epci):
    project = make_project(epci, author=author)
    foreign = make_commune(make_epci(1), "Ailleurs")
    data = {"version": project.version, "scale": "several", "communes": [foreign.pk], "no_competence_reason": ""}
    assert client.post(step(project, "lieu"), data).status_code == 422
    assert not project.communes.exists()


@pytest.mark.parametrize("kind", ["partner", "commune"])
def test_an_actor_of_another_epci_is_refused(client, author, epci, kind):
    project = make_project(epci, author=author, actors=0)
    other = make_epci(1)
    foreign = make_partner(other) if kind == "partner" else make_commune(other)
    data = {"who": f"{kind}:{foreign.pk}", "leads": "on"}
    assert client.post(reverse("projects:actor_add", args=[project.pk]), data).status_code == 422
    assert not project.actors.exists()


def test_an_actor_is_saved_with_its_own_interest(client, author, epci):
    project = make_project(epci, author=author, actors=0)
    partner = make_partner(epci)
    data = {
        "who": f"partner:{partner.pk}",
        "places": ["pays", "does"],
        "interest": "Atteindre la cible.",
        "stance": "compatible",
    }
    client.post(reverse("projects:actor_add", args=[project.pk]), data)
    actor = Actor.objects.get(project=project)
    assert (actor.partner, actor.name, actor.role) == (partner, partner.name, "fait, paie")
    assert actor.interests.get().text == "Atteindre la cible."


@pytest.mark.parametrize("act", ["endorses", "writes"])
def test_the_words_and_the_name_of_an_actor_that_spoke_are_out_of_the_hands_of_the_author(client, author, epci, act):
    partner = make_partner(epci)
    project = make_project(epci, author=author, status=Status.TO_COMPLETE)
    actor = make_actor(project, partner.name, partner=partner)
    edit = reverse("projects:actor_edit", args=[project.pk, actor.pk])
    written = {"who": f"partner:{partner.pk}", "relay_to_be_found": "on", "interest": "Être payée."}
    client.post(edit, written)  # until then the author writes for it
    relay = make_member(epci, "relay", "Amandine Cazes", partner=partner)
    if act == "endorses":
        services.endorse(actor=actor, endorses=False, by=relay, on=START)
    else:
        Project.objects.filter(pk=project.pk).update(status=Status.UNDER_REVIEW)
        client.force_login(relay, "allauth.account.auth_backends.AuthenticationBackend")
        stated = reverse("projects:interest_edit", args=[project.pk, actor.interests.get().pk])
        client.post(stated, {"text": "Être entendue.", "visibility": "everyone"})
        client.force_login(author, "allauth.account.auth_backends.AuthenticationBackend")
        Project.objects.filter(pk=project.pk).update(status=Status.TO_COMPLETE)
    words = actor.interests.get().text
    page = client.get(edit).content.decode()
    assert "s’est exprimé lui-même" in page and "En quoi le projet sert-il cet acteur" not in page
    assert client.post(edit, written).status_code == 422  # sent from a page opened before
    client.post(edit, {"who": "words", "name": "Un autre", "places": ["pays"], "relay_to_be_found": "on"})
    client.post(reverse("projects:actor_remove", args=[project.pk, actor.pk]))
    actor.refresh_from_db()
    assert (actor.partner, actor.name, actor.role) == (partner, partner.name, "paie")
    assert actor.interests.get().text == words


def test_submitting_leaves_a_dated_document_in_the_file(
    client, author, epci, monkeypatch, django_capture_on_commit_callbacks
):
    printed = []
    monkeypatch.setattr(services, "print_submission", printed.append)
    project = make_project(epci, author=author)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("projects:move", args=[project.pk, "submit"]))
    project.refresh_from_db()
    document = SubmissionDocument.objects.get(project=project)
    assert project.status == Status.SUBMITTED
    assert document.submitted_at == project.submitted_at
    assert printed == [document.pk]


def test_a_submitted_text_is_out_of_the_hands_of_its_author(client, author, epci):
    project = make_project(epci, author=author, status=Status.SUBMITTED)
    assert client.get(step(project)).status_code == 403


def test_a_draft_does_not_exist_for_anybody_else(client, epci):
    project = make_project(epci, author=make_agent(epci))
    client.force_login(make_coordinator(epci), "allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(reverse("projects:detail", args=[project.pk])).status_code == 404
    assert client.get(step(project)).status_code == 404


def test_an_objective_that_changes_asks_its_endorsements_again(client, author, epci):
    partner = make_partner(epci)
    project = make_project(epci, author=author)
    actor = make_actor(project, partner.name, partner=partner)
    relay = make_member(epci, "relay", "Amandine Cazes", partner=partner)
    services.endorse(actor=actor, endorses=True, by=relay, on=START)
    texts = {name: getattr(project, name) for name in ("title", "need", "service", "beneficiaries")}
    client.post(step(project), said(project, **texts, shared_objective=project.shared_objective))
    project.refresh_from_db()
    assert project.objective_version == 1
    changed = {"shared_objective": "Un relais à moins de 10 minutes.", "why": "Les familles demandent mieux."}
    client.post(step(project), said(project, **texts, **changed))
    project.refresh_from_db()
    assert project.objective_version == 2
    assert Endorsement.objects.get().objective_version == 1
    page = client.get(reverse("projects:detail", args=[project.pk])).content.decode()
    assert "cet acteur partageait l’objectif dans sa version 1" in page
    assert "Les familles demandent mieux." in page
    Project.objects.filter(pk=project.pk).update(status=Status.UNDER_REVIEW, submitted_at=timezone.now())
    client.force_login(relay, "allauth.account.auth_backends.AuthenticationBackend")
    assert "Les familles demandent mieux." in client.get(reverse("projects:home")).content.decode()


def test_whoever_answers_not_yet_is_not_said_to_have_refused(client, author, epci):
    partner = make_partner(epci)
    project = make_project(epci, author=author, status=Status.UNDER_REVIEW, shared_objective="Accueillir")
    make_actor(project, partner.name, partner=partner)
    make_actor(project, "Les familles")
    relay = make_member(epci, "relay", "Amandine Cazes", partner=partner)
    services.endorse(actor=project.actors.get(partner=partner), endorses=False, by=relay, on=START)
    page = client.get(project.get_absolute_url()).content.decode()
    assert f"Pas encore, le {date_fr(START)} (Amandine Cazes)" in page
    assert "Non, le" not in page
    assert "Personne ne peut répondre ici au nom de ce groupe" in page


def test_relay_persons_are_listed_by_their_structure_as_their_labels_begin(client, author, epci):
    project = make_project(epci, author=author)
    for structure, name in (
        ("Zébulon", "Alain Rouquier"),
        ("École", "Zoé Marin"),
        ("École", "Eva"),
    ):
        partner = Partner.objects.filter(name=structure).first() or make_partner(epci, structure)
        make_relay(partner, name)
    town = make_commune(epci, "Bréauval")
    Relay.objects.create(intercommunality=epci, commune=town, full_name="Odile Vasseur")
    page = client.get(reverse("projects:actor_add", args=[project.pk]))
    told = [label for value, label in page.context["form"].fields["relay"].choices if value]
    assert told == ["Bréauval — Odile Vasseur", "École — Eva", "École — Zoé Marin", "Zébulon — Alain Rouquier"]


def test_only_who_speaks_for_an_actor_endorses_in_its_name(client, author, epci):
    partner = make_partner(epci)
    project = make_project(epci, author=author)
    actor = make_actor(project, partner.name, partner=partner)
    url = reverse("projects:endorse", args=[project.pk, actor.pk])
    assert client.post(url, {"endorses": "yes"}).status_code == 403
    assert not Endorsement.objects.exists()


def test_whoever_has_not_answered_is_asked_under_the_objective_and_once(client, epci):
    """On a phone, a table that scrolls sideways hid the question that a relay person is called for."""
    partner = make_partner(epci, "Association Les Petits Lierres")
    project = make_project(epci, status=Status.UNDER_REVIEW)
    actor = make_actor(project, partner.name, partner=partner)
    relay = make_member(epci, "relay", "Amandine Cazes", partner=partner)
    client.force_login(relay, "allauth.account.auth_backends.AuthenticationBackend")
    address = reverse("projects:detail", args=[project.pk])
    before, _, table = client.get(address).text.partition('id="tableau-acteurs"')
    assert "au nom de «\xa0Association Les Petits Lierres\xa0»" in before
    assert (before.count("Nous partageons l’objectif"), table.count("Nous partageons l’objectif")) == (1, 0)
    services.endorse(actor=actor, endorses=True, by=relay, on=START)
    before, _, table = client.get(address).text.partition('id="tableau-acteurs"')
    assert (before.count("Nous partageons l’objectif"), table.count("Nous partageons l’objectif")) == (0, 1)


def test_the_project_page_costs_the_same_with_more_actors(client, author, epci):
    def queries(project):
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("projects:detail", args=[project.pk])).status_code == 200
        return len(captured)

    few, many = make_project(epci, author=author, actors=3), make_project(epci, author=author, actors=8)
    queries(few)
    assert queries(few) == queries(many)


def test_a_second_editor_sees_the_communes_and_the_scale_in_words(client, author, epci):
    project = make_project(epci, author=author, complete=False)
    first, second = make_commune(epci), make_commune(epci, "Saint-Ursan")
    data = {"version": project.version, "scale": "several", "competences": []}
    client.post(step(project, "lieu"), data | {"communes": [first.pk]})
    late = client.post(step(project, "lieu"), data | {"communes": [second.pk], "scale": "commune"})
    assert late.status_code == 409
    told = late.content.decode()
    changes = told[told.index("modifié ailleurs") : told.index('id="etape"')]
    assert first.name in changes and second.name in changes
    assert "commune" in changes and "several" not in changes
    assert list(project.communes.all()) == [first]


def test_half_a_person_is_written_with_a_comma(client, author, epci):
    project = make_project(epci, author=author)
    page = client.get(step(project, "moyens")).text
    assert 'type="number"' not in page  # a browser in another language would read « 0,5 » as 5, without a word
    client.post(step(project, "moyens"), {"version": project.version, "full_time_equivalents": "0,5"})
    project.refresh_from_db()
    assert str(project.full_time_equivalents) == "0.5"
    refused = client.post(step(project, "moyens"), {"version": project.version, "full_time_equivalents": "la moitié"})
    assert "Écrivez un nombre en chiffres, par exemple 0,5." in refused.text.replace("\xa0", " ")


def test_what_is_read_again_before_submitting_is_all_that_was_written(client, author, epci):
    project = make_project(epci, author=author, owner_kind="epci", starts_on=START, resources="Deux agentes.")
    project.communes.add(make_commune(epci, "Saint-Ursan"))
    project.competences.add(make_competence(epci, "Petite enfance"))
    actor = project.actors.first()
    actor.interests.create(intercommunality=epci, text="Souffler une demi-journée.")
    page = client.get(step(project, "relecture")).text.replace("\xa0", " ")
    for words in ("Saint-Ursan", "Petite enfance", "Souffler une demi-journée.", "Deux agentes.", "9 avril 2026"):
        assert words in page, words
    assert reverse("projects:funding", args=[project.pk]) in page


def test_what_is_read_again_says_what_it_costs_and_what_is_missing_without_holding_it_back(client, author, epci):
    project = make_project(epci, author=author)
    read = lambda: client.get(step(project, "relecture")).text.replace("\xa0", " ").replace("\u202f", " ")  # noqa: E731
    assert "Coût et financement</dt><dd><p>à préciser</p>" in read()
    said = {"intercommunality": epci, "project": project}
    plan = FundingPlan.objects.create(cost_excl_tax=12000, **said)
    FundingLine.objects.create(intercommunality=epci, plan=plan, funder="CAF", amount="8000.50", nature="private")
    told = "Coût : 12 000,00 € HT. Ressources inscrites : 8 000,50 €. Il manque 3 999,50 €"
    assert told in read() and "Tout y est" in read()


def test_answers_on_the_place_that_contradict_one_another_are_told(client, author, epci):
    """A project of one commune that names three, a competence found and said not to be."""
    project = make_project(epci, author=author, scale="commune", no_competence_reason="")
    project.communes.set([make_commune(epci, name) for name in ("Avrel", "Bréauval", "Cormeray")])
    project.competences.add(make_competence(epci, "Petite enfance"))
    [lack] = lacks_of(project)
    assert (lack.step, lack.field) == ("place", "scale")
    said = lack.sentence.replace("\xa0", " ")
    assert said == "Vous avez coché 3 communes : choisissez l’échelle « Plusieurs communes »."
    project.scale, project.no_competence_reason = "several", "Elle est partagée."
    [lack] = lacks_of(project)
    assert "gardez l’un des deux" in lack.sentence and lack.field == "competences"
    project.save()
    page = client.get(step(project, "relecture")).text
    assert "gardez l’un des deux" in page and "Tout y est" not in page
    project.no_competence_reason = ""
    assert lacks_of(project) == []


def test_what_is_asked_to_complete_is_read_where_it_is_completed(client, author, epci):
    project = make_project(epci, author=author, status=Status.SUBMITTED)
    services.move(project=project, name="return", by=make_coordinator(epci), reason="Précisez qui paie.")
    for address in (reverse("projects:detail", args=[project.pk]), step(project), step(project, "relecture")):
        assert "Un complément est demandé" in client.get(address).text
    for address in (reverse("projects:detail", args=[project.pk]), step(project, "relecture")):
        assert "Renvoyer le projet complété</button>" in client.get(address).text
    page = client.get(step(project, "relecture")).text
    assert "si vous avez répondu à ce qui vous est demandé" in page and "Déposer le projet</button>" not in page
    answer = client.post(reverse("projects:move", args=[project.pk, "submit"]), follow=True)
    assert "Un complément est demandé" not in answer.text
    assert "« Déposé ». La coordination regarde s’il est recevable" in answer.text.replace("\xa0", " ")


def test_who_is_not_chosen_is_asked_once_and_a_name_only_of_somebody_named(client, author, epci):
    address = reverse("projects:actor_add", args=[make_project(epci, author=author, actors=0).pk])
    asked = client.post(address, {"who": ""}).context["form"].errors
    assert list(asked) == ["who"]
    assert list(client.post(address, {"who": "words", "name": ""}).context["form"].errors) == ["name"]


def test_a_label_that_asks_is_not_followed_by_a_colon(client, author, epci):
    address = reverse("projects:actor_add", args=[make_project(epci, author=author, actors=0).pk])
    told = client.post(address, {"who": ""}).text.replace("\u202f", "").replace("\xa0", " ")
    assert "Qui est-ce? Choisissez une réponse." in told


TOO_LONG = "Un mot de trop. " * 700  # 11,199 signs once its end is trimmed


def test_a_text_too_long_is_refused_with_its_figures_and_stays_on_screen(client, author, epci):
    project = make_project(epci, author=author, need="Le constat d’avant.")
    answer = client.post(step(project), said(project, title="Jardin partagé", need=TOO_LONG))
    assert answer.status_code == 422
    assert "11\u202f199 signes, pour 10\u202f000 au plus" in answer.text
    assert TOO_LONG.strip() in answer.text
    project.refresh_from_db()
    assert (project.title, project.need) == ("Jardin partagé", "Le constat d’avant.")


def test_an_autosave_says_which_text_is_too_long_and_saves_the_others(client, author, epci):
    project = make_project(epci, author=author, need="Le constat d’avant.")
    typed = said(project, title="Jardin partagé", need=TOO_LONG)
    answer = client.post(step(project), typed, headers={"X-Autosave": "1"})
    assert [error["code"] for error in answer.json()["errors"]["need"]] == ["too_long"]
    project.refresh_from_db()
    assert (project.title, project.need) == ("Jardin partagé", "Le constat d’avant.")


def test_a_text_longer_than_its_bound_from_before_opens_and_is_written_shorter(client, author, epci):
    project = make_project(epci, author=author)
    Project.objects.filter(pk=project.pk).update(need=TOO_LONG)
    assert TOO_LONG.strip() in client.get(step(project)).text
    answer = client.post(step(project), said(project, title="Jardin partagé", need=TOO_LONG[:9_000]))
    assert answer.status_code == 302
    project.refresh_from_db()
    assert len(project.need) < 10_000


def test_a_motive_too_long_moves_nothing(client, author, epci):
    project = make_project(epci, author=author, status=Status.SUBMITTED)
    answer = client.post(reverse("projects:move", args=[project.pk, "withdraw"]), {"reason": TOO_LONG}, follow=True)
    project.refresh_from_db()
    assert project.status == Status.SUBMITTED
    assert "pour 2\u202f000 au plus" in answer.text
    client.post(reverse("projects:move", args=[project.pk, "withdraw"]), {"reason": "Un autre projet le fait."})
    project.refresh_from_db()
    assert project.status == Status.WITHDRAWN


def test_taking_an_actor_out_is_asked_once_and_says_what_leaves_with_it(client, author, epci):
    project = make_project(epci, author=author, actors=0)
    actor = make_actor(project, "Crèche des Tilleuls")
    Interest.objects.create(intercommunality=epci, actor=actor, text="Ouvrir plus tôt.")
    address = reverse("projects:actor_remove", args=[project.pk, actor.pk])
    assert f'href="{address}"' in client.get(step(project, "acteurs")).text
    page = client.get(address).text
    assert "Crèche des Tilleuls" in page and "Ouvrir plus tôt." in page
    assert project.actors.exists()  # following a link does nothing
    client.post(address)
    assert not project.actors.exists()


def test_the_page_says_why_an_actor_that_spoke_stays(client, author, epci):
    partner = make_partner(epci)
    project = make_project(epci, author=author, status=Status.TO_COMPLETE)
    actor = make_actor(project, partner.name, partner=partner)
    services.endorse(
        actor=actor, endorses=False, by=make_member(epci, "relay", "Amandine Cazes", partner=partner), on=START
    )
    page = client.get(reverse("projects:actor_remove", args=[project.pk, actor.pk])).text
    assert "un acteur qui a parlé n’en sort plus" in page and "disabled" in page
