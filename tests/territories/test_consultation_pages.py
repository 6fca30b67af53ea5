"""The pages of the consultations: what they show, what they keep of what was typed, and what they weigh."""

import io
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from page import validate_pdf_bytes
from pdfminer.high_level import extract_text

from cooperation.printing import PrintingError, TooLong, wait_for
from partners.people.models import Role, User
from projects.prints.services import A_FEW_SECONDS
from territories.consultations import exports
from territories.consultations.exports import print_consultation
from territories.models import Answer, Consultation
from tests.factories import make_coordinator, make_epci, make_member
from tests.territories.test_consultations import make_communes

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def demo(demo_territory, db, client):
    client.force_login(User.objects.get(email="dgs@ccvo.example"), BACKEND)


def said(answer):
    return answer.content.decode().replace("\xa0", " ").replace("\u202f", " ")


def test_the_list_tells_those_under_way_and_those_closed(demo, client):
    html = said(client.get(reverse("territories:consultations")))
    assert "Pacte de gouvernance 2026-2032" in html
    assert html.index("Schéma de mutualisation") < html.index("Restitution de la fourrière animale")
    assert "Rejetée" in html
    assert "Acceptée" in html


def test_the_result_of_the_demo_is_explained_line_by_line(demo, client):
    water = Consultation.objects.get(procedure_code="transfer")
    html = said(client.get(water.get_absolute_url()))
    assert "17 communes sur 22 sont comptées favorables, pour 26 423 habitants sur 45 790 (57,70 %" in html
    assert "rejeté, faute de l’accord de la commune la plus peuplée" in html


def test_the_state_is_shown_as_it_was_on_another_day(demo, client):
    water = Consultation.objects.get(procedure_code="transfer")
    html = said(client.get(water.get_absolute_url(), {"au": "2025-11-01"}))
    assert "Réponse attendue" in html
    html = said(client.get(water.get_absolute_url(), {"au": "pas une date"}))
    assert "Réponse attendue" not in html


def test_the_simulator_answers_from_its_address_alone(demo, client):
    page = reverse("territories:simulator")
    against = {"procedure": "transfer", "c96001": "d"}
    html = said(client.get(page, against | {"fragment": "1"}))
    assert "<html" not in html
    assert "Rejeté" in html
    assert "L’accord de 1 commune suffirait : Orvelle-le-Château" in html
    favourable = said(client.get(page, {"procedure": "transfer", "toutes": "f"}))
    assert "Accepté" in favourable
    # On a phone everything stands in one column: what comes of it is read before the long list of the communes.
    assert favourable.index("Calculer") < favourable.index("Accepté") < favourable.index("tableau-simulateur")
    assert 'value="d" checked' in said(client.get(page, against))


def test_the_simulator_of_a_territory_without_populations_says_what_to_do(client):
    user = make_coordinator(make_epci(1))
    client.force_login(user, BACKEND)
    assert "importez d’abord ses communes" in said(client.get(reverse("territories:simulator")))


@pytest.mark.parametrize(
    "code, when",
    [
        ("transfer", "au plus tard le 14 avril 2027"),
        ("plu-opposition", "entre le 2 février 2027 et le 14 avril 2027"),
    ],
)
@time_machine.travel("2027-02-10T10:00:00Z", tick=False)
def test_those_of_a_commune_awaited_read_how_it_answers(client, code, when):
    """Nobody answers here in the name of a council: a mayor reads that it deliberates, and whom it writes to."""
    epci = make_epci(1)
    consultation = Consultation.objects.create(
        intercommunality=epci, procedure_code=code, title="Eau potable",
        **({"window_opens_on": date(2027, 2, 2), "window_closes_on": date(2027, 4, 14)} if "plu" in code else {}),
    )  # fmt: skip
    mine, other, later = make_communes(epci, 300, 200, 100)
    for commune in (mine, other, later):
        Answer.objects.create(
            intercommunality=epci, consultation=consultation, commune=commune, inhabitants=5, municipal_inhabitants=5,
            **({} if commune == later else {"notified_on": date(2027, 1, 14), "due_on": date(2027, 4, 14)}),
        )  # fmt: skip
    way = f"Le conseil municipal de Commune 0 délibère {when}, puis la commune envoie sa délibération"

    def page_of(user, **asked):
        client.force_login(user, BACKEND)
        return said(client.get(consultation.get_absolute_url(), asked))

    mayor = make_member(epci, Role.ELECTED, "Patrick Oudinet", commune=mine)
    assert way in page_of(mayor)
    assert "puis la commune envoie" not in page_of(mayor, au="2027-02-08")
    for person in (make_coordinator(epci), make_member(epci, Role.ELECTED, "Jeanne Roche", commune=later)):
        assert "puis la commune envoie" not in page_of(person)
    consultation.answers.filter(commune=mine).update(position="favourable", deliberated_on=date(2027, 2, 9))
    assert "puis la commune envoie" not in page_of(mayor)
    consultation.answers.filter(commune=mine).update(position="", deliberated_on=None)
    assert way in page_of(mayor)
    Consultation.objects.filter(pk=consultation.pk).update(
        abandoned_on=date(2027, 2, 10), abandoned_because="Sans objet"
    )
    assert "puis la commune envoie" not in page_of(mayor)


def test_a_refused_answer_comes_back_with_its_words(demo, client):
    answer = Answer.objects.filter(consultation__procedure_code="governance-pact").first()
    page = reverse("territories:consultation_answer", args=[answer.pk])
    html = said(client.post(page, {"position": "reserved", "words": "Sous réserve du vote des tarifs"}))
    assert "Donnez la date de la délibération" in html
    assert "Sous réserve du vote des tarifs" in html
    assert not Answer.objects.get(pk=answer.pk).position


def test_a_question_is_prepared_and_refused_in_french(demo, client):
    page = reverse("territories:consultation_create")
    assert "Choisissez la commune concernée" in said(
        client.post(page, {"procedure_code": "one-commune", "title": "Tarif du lac"})
    )
    assert not Consultation.objects.filter(title="Tarif du lac").exists()


def test_lists_and_pages_keep_their_number_of_queries(client, django_assert_max_num_queries):
    epci = make_epci(1)
    user = make_coordinator(epci)
    communes = make_communes(epci, *range(100, 140))
    for number in range(6):
        consultation = Consultation.objects.create(
            intercommunality=epci, procedure_code="transfer", title=f"N° {number}"
        )
        for commune in communes:
            Answer.objects.create(
                intercommunality=epci, consultation=consultation, commune=commune, inhabitants=5,
                municipal_inhabitants=5, notified_on=date(2026, 1, 1), due_on=date(2026, 4, 1),
            )  # fmt: skip
    client.force_login(user, BACKEND)
    with django_assert_max_num_queries(14):
        client.get(reverse("territories:consultations"))
    with django_assert_max_num_queries(14):
        client.get(consultation.get_absolute_url())
    with django_assert_max_num_queries(12):
        client.get(reverse("territories:simulator"))


def test_the_printed_result_breaks_no_rule_of_accessibility(demo):
    consultation = Consultation.objects.with_answers().get(procedure_code="restitution")
    pdf = print_consultation(consultation, day=date(2026, 10, 5))
    report = validate_pdf_bytes(pdf)
    assert report.rules.failed == 0, [failure.message for failure in report.failures]
    text = extract_text(io.BytesIO(pdf))
    assert "Restitution de la fourrière animale" in text


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (TooLong("L’impression a été arrêtée."), "demandez-le de nouveau dans quelques minutes"),
        (PrintingError("La police d’impression manque."), "La police d’impression manque."),
    ],
)
def test_a_print_that_fails_is_told_on_the_page_it_was_asked_from(demo, client, monkeypatch, error, told):
    def fails(document, *, limits):
        raise error

    monkeypatch.setattr(exports, "print_document", fails)
    consultation = Consultation.objects.get(procedure_code="restitution")
    answer = client.get(reverse("territories:consultation_print", args=[consultation.pk]), follow=True)
    assert answer.redirect_chain == [(consultation.get_absolute_url(), 302)]
    assert told in said(answer)


def test_a_consultation_under_way_is_printed_without_a_result():
    """What silence would give is told as a supposition: a sheet goes from hand to hand, as if all were said."""
    epci = make_epci(1)
    asked = Consultation.objects.create(
        intercommunality=epci, procedure_code="transfer", title="Eau", council_on=date(2026, 9, 1)
    )
    for number, commune in enumerate(make_communes(epci, *range(100, 103))):
        Answer.objects.create(
            intercommunality=epci, consultation=asked, commune=commune, inhabitants=5 + number,
            municipal_inhabitants=5, notified_on=date(2026, 10, 1), due_on=date(2027, 1, 1),
        )  # fmt: skip
    consultation = Consultation.objects.with_answers().get(pk=asked.pk)
    words = {
        day: " ".join(extract_text(io.BytesIO(print_consultation(consultation, day=day))).split())
        for day in (date(2026, 11, 15), date(2027, 2, 1))
    }
    running, over = words.values()
    assert "Rien n’est joué" in running and "Si elles refusent toutes" in running
    assert "Résultat : " not in running
    assert "Résultat : accepté" in over and "Si elles refusent" not in over


def test_the_home_page_tells_a_mayor_that_the_council_is_awaited(demo, client):
    with time_machine.travel("2026-11-15"):
        client.force_login(User.objects.get(email="maire@laferrandiere.example"), BACKEND)
        html = said(client.get("/"))
    assert "Votre conseil municipal est consulté" in html
    assert "La Ferrandière-du-Lac répond jusqu’au 2 décembre 2026" in html


def test_a_mayor_reads_who_writes_the_deliberation_down_and_may_write_to_them(demo, client):
    held = Consultation.objects.filter(answers__due_on=date(2026, 12, 2)).first()
    epci = held.intercommunality
    clerks = [one for one in User.objects.all() if one.has_perm("territories.manage_consultations", epci)]
    with time_machine.travel("2026-11-15"):
        to_coordination = said(client.get(held.get_absolute_url()))
        client.force_login(User.objects.get(email="maire@laferrandiere.example"), BACKEND)
        html = said(client.get(held.get_absolute_url()))
    assert clerks
    for clerk in clerks:
        assert f'href="mailto:{clerk.email}">Écrire à {clerk}' in html
        assert f"mailto:{clerk.email}" not in to_coordination
    told = html.partition("la commune envoie sa délibération à l’intercommunalité : ")[2].partition(" ici.")[0]
    assert all(str(clerk) in told for clerk in clerks[:3])


def test_the_home_page_tells_the_coordination_which_consultations_run(demo, client):
    with time_machine.travel("2026-11-15"):
        html = said(client.get("/"))
    assert "Aucune réponse sur 22 communes ; prochaine échéance le 2 décembre 2026" in html


def test_the_printed_result_of_the_largest_territory_of_france_is_short_to_lay_out(monkeypatch):
    """158 communes that all gave their reference: whoever asks for it waits a few seconds at most, so it is never
    prepared in the background.
    """
    epci = make_epci(1)
    consultation = Consultation.objects.create(
        intercommunality=epci, procedure_code="transfer", title="Eau " * 50, question="Approuvez-vous ? " * 600
    )
    for commune in make_communes(epci, *range(100, 258)):
        Answer.objects.create(
            intercommunality=epci, consultation=consultation, commune=commune, inhabitants=5, municipal_inhabitants=5,
            notified_on=date(2026, 1, 1), due_on=date(2026, 4, 1), deliberated_on=date(2026, 2, 3),
            position="favourable", reference="2026-" + "7" * 60,
        )  # fmt: skip
    written = []
    monkeypatch.setattr(exports, "print_document", lambda document, **options: written.append(document) or b"%PDF")
    exports.print_consultation(Consultation.objects.with_answers().get(pk=consultation.pk), day=date(2026, 10, 5))
    assert written[0].parts[0].html.count("Favorable") == 158
    assert wait_for(written[0], in_one_piece=True) < A_FEW_SECONDS / 2
