"""What a session leaves on paper: complete as the law asks, accessible, and frozen once settled."""

import io
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from cooperation.printing import print_document
from partners.people.models import User
from projects.minutes import content, documents, services
from projects.minutes.sealing import KINDS
from projects.models import ItemMinutes, Minutes, Session
from projects.seal.checking import check

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)
VALUES = {"chair": "Hélène Marchadier", "secretary": "Claire Desrosiers", "attending": "Hélène Marchadier"}
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def council(day):
    return Session.objects.get(body__kind="council", held_on=day)


def person(email):
    return User.objects.get(email=email)


def words_of(pdf):
    from pdfminer.high_level import extract_text

    return " ".join(extract_text(io.BytesIO(pdf)).split())


@pytest.mark.parametrize("maker", [documents.decisions_document, documents.minutes_document])
def test_a_paper_is_accessible_and_bears_the_head_of_the_seal(demo_territory, maker):
    pdf = print_document(maker(council(date(2026, 9, 24)), today=TODAY))
    page = pytest.importorskip("page")
    assert page.validate_pdf_bytes(pdf).rules.failed == 0
    words = words_of(pdf)
    assert demo_territory.seal_chain.head in words.replace(" ", "")
    for title in ("Habitat partagé", "Opération programmée", "Base de loisirs"):
        assert title in words
    assert "34 pour, 8 contre, 2 abstentions" in words


def test_the_proces_verbal_holds_all_that_the_law_asks(demo_territory):
    words = words_of(print_document(documents.minutes_document(council(date(2026, 9, 24)), today=TODAY)))
    for told in (
        "24 septembre 2026", "Hélène Marchadier", "Claire Desrosiers", "Membres présents", "Membres représentés",
        "Membres absents", "Ordre du jour", "deux tiers des membres du conseil", "arrêté le 5 novembre 2026", "Sceau",
    ):  # fmt: skip
        assert told in words
    assert "Projet de procès-verbal" not in words
    assert "Projet de procès-verbal" in words_of(
        print_document(documents.minutes_document(council(date(2026, 11, 5)), today=TODAY))
    )


def test_quorum_and_names_of_a_public_ballot_are_told_and_those_of_a_secret_ballot_never(demo_territory):
    session = council(date(2024, 6, 27))
    session.present, session.powers = 30, 2
    assert ("Quorum à l’ouverture", "atteint") in content.facts_of(session)
    session.present = 24
    assert ("Quorum à l’ouverture", "non atteint") in content.facts_of(session)
    decision = session.items.first().decision

    class Record:
        told = {
            "positions": [[1, "for"], [2, "against"], [3, "for"]],
            "told": {"names": {"1": "Jeanne", "2": "Luc", "3": "Ali"}},
        }

    decision.ballot = "public"
    assert content.named(decision, Record) == [("Pour", "Ali, Jeanne"), ("Contre", "Luc")]
    Record.told["told"]["names"] |= {"1": "Zoé", "3": "Élodie"}
    assert content.named(decision, Record)[0] == ("Pour", "Élodie, Zoé")  # as in a dictionary
    decision.ballot = "secret"
    assert content.named(decision, Record) == []


def test_minutes_are_written_settled_and_then_never_change(demo_territory):
    session, by = council(date(2026, 11, 5)), person("assemblees@ccvo.example")
    item = session.items.first()
    discussions = {item.pk: {"discussion": "Une question est posée.", "ballot_request": ""}}
    with pytest.raises(PermissionDenied):
        services.write(session=session, values=VALUES, discussions={}, by=person("vp@ccvo.example"))
    services.write(session=session, values=VALUES | {"secretary": ""}, discussions=discussions, by=by)
    with pytest.raises(ValidationError, match="nomme la présidence"):
        services.settle(session=session, on=TODAY, by=by, now=timezone.now())
    services.write(session=session, values=VALUES, discussions=discussions, by=by)
    with pytest.raises(ValidationError, match="compris entre la séance"):
        services.settle(session=session, on=date(2026, 11, 4), by=by, now=timezone.now())
    services.settle(session=session, on=date(2026, 11, 20), by=by, now=timezone.now())
    assert check(demo_territory, kinds=KINDS) == []
    with pytest.raises(ValidationError, match="il ne change plus"):
        services.write(session=session, values=VALUES, discussions={}, by=by)
    ItemMinutes.objects.filter(item=item).update(discussion="Aucune question.")
    assert "(items)" in str(check(demo_territory, kinds=KINDS)[0])


def test_a_session_to_come_has_no_minutes(demo_territory):
    session = Session.objects.filter(state="convened").first()
    with pytest.raises(ValidationError, match="pas encore eu lieu"):
        services.write(session=session, values=VALUES, discussions={}, by=person("assemblees@ccvo.example"))


def test_the_pages_write_and_settle(client, demo_territory):
    session = council(date(2026, 11, 5))
    address = reverse("projects:minutes", args=[session.pk])
    client.force_login(person("assemblees@ccvo.example"), BACKEND)
    page = client.get(address).content.decode()
    assert 'value="Hélène Marchadier"' in page
    assert client.post(address, VALUES).status_code == 302
    settle = reverse("projects:minutes_settle", args=[session.pk])
    assert client.post(settle, {"on": "2027-01-01"}).status_code == 422
    assert client.post(settle, {"on": "2026-11-20"}).status_code == 302
    assert Minutes.objects.get(session=session).settled_on == date(2026, 11, 20)
    assert "arrêté et scellé" in client.get(address).content.decode()


def test_a_draft_is_read_by_those_who_hold_the_session_alone(client, demo_territory):
    draft, settled = council(date(2026, 11, 5)), council(date(2026, 9, 24))
    client.force_login(person("conseillere@champ-rosay.example"), BACKEND)
    assert client.get(reverse("projects:minutes_print", args=[draft.pk])).status_code == 404
    answer = client.get(reverse("projects:minutes_print", args=[settled.pk]))
    assert answer.content.startswith(b"%PDF") and "attachment" in answer["Content-Disposition"]


def test_gathering_a_session_costs_as_much_whatever_its_length(demo_territory):
    counts = []
    for day in (date(2025, 12, 11), date(2024, 3, 28)):  # two items, five items
        session = Session.objects.select_related("body", "intercommunality").get(pk=council(day).pk)
        with CaptureQueriesContext(connection) as queries:
            content.gather(session, today=TODAY)
        counts.append(len(queries))
    assert counts[0] == counts[1]
