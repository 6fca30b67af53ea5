"""People speak in the name of an organisation; what was said is corrected, hidden, gathered, never lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from partners.people.models import Role, User
from projects.debate import services
from projects.debate.reads import former_versions
from projects.models import Contribution, Project, Status
from tests.demo import load
from tests.factories import (
    make_actor,
    make_agent,
    make_commune,
    make_contribution,
    make_coordinator,
    make_epci,
    make_member,
    make_partner,
    make_project,
)

pytestmark = pytest.mark.django_db
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


class World:
    def __init__(self):
        self.epci = make_epci()
        self.partner = make_partner(self.epci)
        self.agent = make_agent(self.epci, "Maud Jallet")
        self.coordinator = make_coordinator(self.epci)
        self.relay = make_member(self.epci, Role.RELAY, "Amandine Cazes", partner=self.partner)
        self.project = make_project(self.epci, author=self.agent, status=Status.UNDER_REVIEW)
        self.actor = make_actor(self.project, self.partner.name, partner=self.partner)


@pytest.fixture
def world():
    return World()


def said(world, by=None, kind="testimony", text="Le relais est à 25 km.", now=None, **fields):
    by = by or world.relay
    organisation = fields.pop("organisation", world.partner.name if by == world.relay else world.epci.name)
    return services.contribute(
        project=world.project,
        by=by,
        organisation=organisation,
        kind=kind,
        text=text,
        now=now or timezone.now(),
        **fields,
    )


def sign_in(client, user):
    client.force_login(User.objects.get(pk=user.pk), BACKEND)
    return client


def address(name, world, *args):
    return reverse(f"projects:{name}", args=[world.project.pk, *args])


def test_a_relay_person_speaks_in_the_name_of_the_partner(world):
    one = said(world, service="RPE", commune=make_commune(world.epci), public="Familles", mentions=[world.actor])
    assert (one.author_name, one.organisation) == ("Amandine Cazes", world.partner.name)
    assert one.speaks_of == "RPE · Bréauval · Familles"
    assert list(one.mentions.all()) == [world.actor]


def test_nobody_speaks_for_an_organisation_that_is_not_theirs(world):
    with pytest.raises(PermissionDenied):
        said(world, organisation=world.epci.name)


def test_an_actor_of_another_project_is_not_cited(world):
    stranger = make_project(world.epci).actors.first()
    with pytest.raises(ValidationError, match="acteurs de ce projet"):
        said(world, mentions=[stranger])


def test_a_draft_has_no_debate_and_a_withdrawn_project_no_longer_one(world, client):
    draft = make_project(world.epci, author=world.agent)
    sign_in(client, world.agent)
    assert client.get(reverse("projects:debate", args=[draft.pk])).status_code == 404
    Project.objects.filter(pk=world.project.pk).update(status=Status.WITHDRAWN)
    page = client.get(address("debate", world))
    assert "ne s’écrit plus" in page.content.decode()
    assert client.post(address("debate", world), {"text": "x"}).status_code == 403


def test_threads_have_one_level(world):
    question = said(world, kind="question", text="Qui paie ?")
    reply = said(world, by=world.agent, kind="answer", text="La CAF.", parent=question)
    with pytest.raises(ValidationError, match="contribution d’origine"):
        said(world, kind="answer", text="Et ensuite ?", parent=reply)
    with pytest.raises(ValidationError, match="Une réponse se donne"):
        said(world, kind="answer", text="À quoi ?")


def test_too_long_a_text_is_refused_in_french(world):
    with pytest.raises(ValidationError, match=r"trop long.*000 au plus"):
        said(world, text="x" * 4001)


def test_a_slip_is_replaced_and_a_later_correction_keeps_the_former_text(world):
    begun = timezone.now()
    one = said(world, text="Vingt km.", now=begun)
    later = {"service": "", "commune": None, "public": "", "by": world.relay}
    one = services.correct(contribution=one, text="Vingt-cinq km.", now=begun + timedelta(minutes=30), **later)
    assert (one.version, one.corrected_at, former_versions(one)) == (1, None, [])
    one = services.correct(contribution=one, text="Trente km.", now=begun + timedelta(minutes=31), **later)
    assert one.version == 2
    assert [former.text for former in former_versions(one)] == ["Vingt-cinq km."]


def test_only_the_author_corrects(world):
    one = said(world)
    with pytest.raises(PermissionDenied):
        services.correct(
            contribution=one, by=world.coordinator, text="x", service="", commune=None, public="", now=timezone.now()
        )


def test_one_thanks_per_person_and_none_to_oneself(world):
    one = said(world)
    assert services.thank(contribution=one, by=world.agent) is True
    assert one.thanks.count() == 1
    assert services.thank(contribution=one, by=world.agent) is False
    with pytest.raises(ValidationError):
        services.thank(contribution=one, by=world.relay)


def test_what_is_hidden_says_why_in_its_place_and_is_not_read_by_others(world, client):
    one = said(world, text="MOTCACHE sur une personne.")
    services.put_into_file(contribution=one, by=world.coordinator)
    services.hide(contribution=one, by=world.coordinator, reason="vise une personne", now=timezone.now())
    one.refresh_from_db()
    assert not one.is_in_file
    for reader, reads in ((world.agent, False), (world.relay, True), (world.coordinator, True)):
        page = sign_in(client, reader).get(address("debate", world)).content.decode()
        assert "Masqué par la coordination" in page and "vise une personne" in page
        assert ("MOTCACHE" in page) is reads
        project_page = client.get(reverse("projects:detail", args=[world.project.pk])).content.decode()
        assert "MOTCACHE" not in project_page
    sign_in(client, world.agent)
    assert client.get(address("debate_versions", world, one.pk)).status_code == 404
    assert client.get(address("debate_reply", world, one.pk)).status_code == 404
    services.show(contribution=one, by=world.coordinator)
    assert "MOTCACHE" in client.get(address("debate", world)).content.decode()


def test_hiding_asks_for_a_reason_and_for_the_coordination(world, client):
    one = said(world)
    with pytest.raises(PermissionDenied):
        services.hide(contribution=one, by=world.agent, reason="non", now=timezone.now())
    refused = sign_in(client, world.coordinator).post(address("debate_hide", world, one.pk), {"reason": " "})
    assert refused.status_code == 422
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=one.pk).update(hidden_at=timezone.now())


def test_the_coordination_orders_the_testimonies_of_the_file(world, client):
    first, second = said(world, text="Un."), said(world, text="Deux.")
    sign_in(client, world.coordinator)
    for one, act in ((first, "put"), (second, "put"), (second, "up"), (second, "up")):
        assert client.post(address("debate_file", world, one.pk), {"act": act}).status_code == 302
    assert [one.text for one in services.file_of(world.project)] == ["Deux.", "Un."]
    page = client.get(reverse("projects:detail", args=[world.project.pk])).content.decode()
    assert page.index("Deux.") < page.index("Un.")
    debate = client.get(address("debate", world)).content.decode()
    assert debate.count("Deux.") == 1 and debate.count(f"#vecu-{second.pk}") == 1  # read above, led to from the thread
    client.post(address("debate_file", world, second.pk), {"act": "take"})
    assert [one.text for one in services.file_of(world.project)] == ["Un."]
    assert client.get(address("debate", world)).content.decode().count("Deux.") == 1


def test_only_a_testimony_goes_into_the_file(world):
    question = said(world, kind="question", text="Quand ?")
    with pytest.raises(ValidationError):
        services.put_into_file(contribution=question, by=world.coordinator)
    with pytest.raises(IntegrityError), transaction.atomic():
        Contribution.objects.filter(pk=question.pk).update(file_position=1)


def test_the_form_publishes_and_tells_what_is_missing(world, client):
    sign_in(client, world.relay)
    form = {"kind": "testimony", "text": "On attend.", "organisation": world.partner.name, "mentions": [world.actor.pk]}
    assert client.post(address("debate", world), form).status_code == 302
    refused = client.post(address("debate", world), form | {"text": ""})
    assert refused.status_code == 422 and "Écrivez votre contribution" in refused.content.decode()
    stranger = make_commune(make_epci(1), "Ailleurs")
    assert client.post(address("debate", world), form | {"commune": stranger.pk}).status_code == 422
    assert client.post(address("debate", world), form | {"organisation": world.epci.name}).status_code == 422
    assert client.post(address("debate", world), form | {"kind": "answer"}).status_code == 422
    assert world.project.contributions.count() == 1


def test_a_contribution_is_reached_only_through_its_own_project(world, client):
    elsewhere = make_contribution(make_project(world.epci, status=Status.ADOPTED))
    sign_in(client, world.coordinator)
    for name in ("debate_reply", "debate_versions", "debate_hide"):
        assert client.get(address(name, world, elsewhere.pk)).status_code == 404
    for name in ("debate_thank", "debate_show", "debate_file"):
        assert client.post(address(name, world, elsewhere.pk)).status_code == 404


def test_words_are_never_markup(world, client):
    attack = "<script>alert(1)</script><img src=x onerror=alert(1)>"
    one = said(world, text=attack, service=attack, public=attack)
    services.put_into_file(contribution=one, by=world.coordinator)
    services.hide(contribution=said(world, text=attack), by=world.coordinator, reason=attack, now=timezone.now())
    sign_in(client, world.coordinator)
    asked = {"texte": attack + '"><b>', "nature": '"><b>', "voir": '"><b>'}
    for page in (
        client.get(address("debate", world), asked),
        client.get(reverse("projects:detail", args=[world.project.pk])),
        client.get(address("debate_hide", world, one.pk)),
        client.get(address("debate_versions", world, one.pk)),
    ):
        content = page.content.decode()
        assert "<script>alert" not in content and "<img src=x" not in content and '"><b>' not in content


def test_an_erased_person_leaves_what_was_said(world):
    one = said(world)
    services.thank(contribution=one, by=world.agent)
    world.relay.delete()
    one.refresh_from_db()
    assert one.author is None and one.text == "Le relais est à 25 km."


def test_the_debate_costs_the_same_whatever_its_length(world, client):
    def count():
        sign_in(client, world.coordinator)
        client.get(address("debate", world))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(address("debate", world))
        return len(queries)

    def fill(number):
        for _ in range(number):
            one = said(world, mentions=[world.actor], commune=make_commune(world.epci))
            services.thank(
                contribution=said(world, by=world.agent, kind="answer", text="Oui.", parent=one), by=world.relay
            )

    fill(3)
    before = count()
    fill(5)
    assert count() == before


def test_the_words_of_the_demo_stand_in_their_projects_and_on_paper():
    load()
    spoken = dict(Contribution.objects.values_list("project__reference", "text"))
    assert set(spoken) == {"P01", "P03", "P09", "P23", "P28"}
    assert spoken["P09"] == "Ma mère attend le jeudi."
    from projects.report.content import gather

    epci = Project.objects.first().intercommunality
    sheets = {sheet.reference: sheet for sheet in gather(epci, user=None, today=timezone.localdate()).sheets}
    assert [one.text for one in sheets["P01"].testimonies] == ["Je ne faisais plus les 25 km jusqu’au relais."]
    assert not sheets["P03"].testimonies
