"""Documents go in after inspection, keep all their versions, and come out through one door, to be saved."""

from __future__ import annotations

import hashlib
from unittest import mock

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partners.people.models import Role, User
from projects.debate import rules
from projects.models import Document, DocumentVersion, Status
from tests.factories import (
    make_actor,
    make_agent,
    make_coordinator,
    make_document,
    make_epci,
    make_member,
    make_partner,
    make_project,
)
from tests.projects.hostile_files import CSV, HONEST, HTML, PDF, hostile

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def project():
    epci = make_epci()
    return make_project(epci, author=make_agent(epci), status=Status.ADOPTED)


@pytest.fixture
def author(client, project):
    return sign_in(client, project.author)


def sign_in(client, user):
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def hand_over(client, project, name="etude.pdf", content=PDF, title="Étude"):
    upload = SimpleUploadedFile(name, content)
    return client.post(reverse("projects:documents", args=[project.pk]), {"title": title, "upload": upload})


def test_a_document_is_kept_under_a_random_name_with_its_digest(author, project):
    assert hand_over(author, project).status_code == 302
    version = DocumentVersion.objects.get()
    assert version.content_hash == hashlib.sha256(PDF).hexdigest()
    assert (version.number, version.name, version.size) == (1, "etude.pdf", len(PDF))
    assert "etude" not in version.file.name and "." not in version.file.name
    assert version.file.open("rb").read() == PDF


def test_a_file_comes_out_to_be_saved_and_never_to_be_opened(author, project):
    hand_over(author, project)
    version = DocumentVersion.objects.get()
    answer = author.get(reverse("projects:document_download", args=[project.pk, version.document_id, 1]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="etude.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]


def test_a_new_version_leaves_the_former_one_readable(author, project):
    hand_over(author, project, "chiffres.csv", CSV)
    document = Document.objects.get()
    url = reverse("projects:document_version", args=[project.pk, document.pk])
    assert author.post(url, {"upload": SimpleUploadedFile("chiffres.csv", CSV)}).status_code == 422
    assert author.post(url, {"upload": SimpleUploadedFile("v2.csv", CSV + b"Brauval;9")}).status_code == 302
    for number, content in ((1, CSV), (2, CSV + b"Brauval;9")):
        answer = author.get(reverse("projects:document_download", args=[project.pk, document.pk, number]))
        assert b"".join(answer.streaming_content) == content
    assert author.get(reverse("projects:document_download", args=[project.pk, document.pk, 3])).status_code == 404


@pytest.mark.parametrize("name", HONEST)
def test_every_accepted_type_goes_through_the_form(author, project, name):
    assert hand_over(author, project, name, HONEST[name][1], title="").status_code == 302


REFUSED = ("a page called text", "a drawing", "macros", "pdf then archive", "old or locked word")


@pytest.mark.parametrize("what", REFUSED)
def test_a_hostile_file_is_refused_in_the_form_and_nothing_is_kept(author, project, what):
    name, content, reason = hostile(what)
    answer = hand_over(author, project, name, content)
    assert answer.status_code == 422 and reason in answer.content.decode()
    assert not Document.objects.exists()


def test_a_name_that_climbs_is_brought_back(author, project):
    with mock.patch.object(SimpleUploadedFile, "name", "../../../etc/cron.d/etude.pdf", create=True):
        hand_over(author, project)
    assert DocumentVersion.objects.get().name == "etude.pdf"


def test_a_name_is_never_markup_nor_a_header(author, project):
    hand_over(author, project, 'x"><script>.pdf', title="<script>alert(1)</script>")
    page = author.get(reverse("projects:documents", args=[project.pk])).content.decode()
    assert "<script>alert" not in page and '"><script>' not in page


def test_a_quota_holds_for_a_project_and_says_so(author, project, monkeypatch):
    monkeypatch.setattr(rules, "QUOTA", len(PDF) + 10)
    assert hand_over(author, project).status_code == 302
    refused = hand_over(author, project, "chiffres.csv", CSV, title="Chiffres")
    assert refused.status_code == 422 and "Les documents d’un projet tiennent en" in refused.content.decode()
    assert Document.objects.count() == 1


def test_the_room_taken_is_told_as_one_says_it(author, project):
    told = {0: "0 Mo occupé", 14: "moins de 1 Mo occupé", rules.MEGABYTE: "1 Mo occupé", 2000000: "2 Mo occupés"}
    for held, words in told.items():
        assert rules.held_said(held).replace("\u00a0", " ") == f"{words} sur 300 Mo"
    make_document(project)
    page = author.get(reverse("projects:documents", args=[project.pk])).text
    assert "Moins de 1\u00a0Mo occupé sur 300\u00a0Mo pour ce projet." in page


def test_two_documents_do_not_bear_one_title(author, project):
    hand_over(author, project)
    refused = hand_over(author, project, "chiffres.csv", CSV)
    assert refused.status_code == 422 and "nouvelle version" in refused.content.decode()


def test_actors_and_coordination_add_documents_and_other_readers_do_not(client, project):
    epci = project.intercommunality
    partner = make_partner(epci)
    make_actor(project, partner.name, partner=partner)
    people = {
        make_coordinator(epci): 302,
        make_member(epci, Role.RELAY, partner=partner): 302,
        make_member(epci, Role.ELECTED): 403,
        make_agent(epci): 403,
        make_member(epci, Role.RELAY, partner=make_partner(epci, "Autre")): 404,
        make_coordinator(make_epci(1)): 404,
    }
    for number, (person, expected) in enumerate(people.items()):
        assert hand_over(sign_in(client, person), project, title=f"Pièce {number}").status_code == expected


def test_a_file_is_reached_only_through_its_own_project(author, project):
    hidden = make_document(make_project(project.intercommunality, status=Status.SUBMITTED))
    for pk in (project.pk, hidden.project_id):
        url = reverse("projects:document_download", args=[pk, hidden.pk, 1])
        assert author.get(url).status_code == 404


def test_no_address_serves_the_stored_file(author, project):
    hand_over(author, project)
    stored = DocumentVersion.objects.get().file.name
    assert author.get(f"/media/{stored}").status_code == 404


def test_a_page_sent_as_an_image_is_refused_whatever_the_browser_claims(author, project):
    upload = SimpleUploadedFile("photo.png", HTML, content_type="image/png")
    answer = author.post(reverse("projects:documents", args=[project.pk]), {"title": "x", "upload": upload})
    assert answer.status_code == 422


def test_a_file_that_is_no_longer_there_is_no_fault_of_the_platform(author, project):
    """As after a restoration that forgot the files: the page says that it is not there, and the others work."""
    hand_over(author, project)
    version = DocumentVersion.objects.get()
    version.file.storage.delete(version.file.name)
    assert (
        author.get(reverse("projects:document_download", args=[project.pk, version.document_id, 1])).status_code == 404
    )
