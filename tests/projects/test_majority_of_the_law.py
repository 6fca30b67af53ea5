"""The majority that the law asks is proposed and told where a vote is held; a lesser one is chosen with it in sight."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from partners.governance.conduct import Majority
from projects.ballots import services
from projects.ballots.rules import Totals
from projects.deliberation.majorities import bases_told, majority_asked
from projects.models import AgendaItem, Decision, Project, Session, Status
from territories.competences.rules import Kind
from territories.models import CommunityInterest
from tests.factories import make_opinion, make_opinion_request
from tests.projects.test_deliberation_sessions import VOTES, coordinator, signed_in
from tests.projects.test_live_session import NOW, clerk, council  # noqa: F401

pytestmark = pytest.mark.django_db
NBSP = "\u00a0"


def asked(*kinds, is_council=True, done="", **fields):
    cases = [SimpleNamespace(kind=kind, done=done) for kind in kinds]
    told = {"usual": "simple", "in_office": 48, "epci_kind": "CC", "is_council": is_council, "is_deciding": True}
    return majority_asked(cases, **told | fields)


@pytest.mark.parametrize("kind", [Kind.INTEREST_TO_DEFINE, Kind.BEYOND_INTEREST])
def test_the_community_interest_is_voted_at_two_thirds_and_the_stricter_base_is_proposed(kind):
    law = asked(kind)
    assert law.majority == Majority.TWO_THIRDS_MEMBERS and law.is_discussed and law.asks_more
    (hint,) = law.hints
    assert "deux tiers des suffrages exprimés ou, par prudence, deux tiers des membres en exercice" in hint
    assert "32 voix pour 48 membres" in hint and f"art.{NBSP}L.{NBSP}5214-16 IV" in hint
    assert "5216-5 III" in asked(kind, epci_kind="CA").hints[0]
    assert asked(kind, is_council=False).hints == ()  # a commission gives its opinion at its own majority


def test_only_an_unfavourable_opinion_asks_two_thirds_for_a_project_of_one_commune():
    unknown = asked(Kind.ONE_COMMUNE)
    assert unknown.majority == "simple" and "32 voix pour 48 membres" in unknown.hints[0]
    assert asked(Kind.ONE_COMMUNE, done="avis du conseil municipal, favorable.").hints == ()
    opposed = asked(Kind.ONE_COMMUNE, done="avis défavorable.", opposed="Fontbrune")
    assert (
        opposed.majority == Majority.TWO_THIRDS_MEMBERS
        and "(Fontbrune) a donné un avis défavorable" in opposed.hints[0]
    )
    assert asked(Kind.EXERCISED, usual="two_thirds_cast") == asked(usual="two_thirds_cast")
    assert asked(Kind.EXERCISED, usual="two_thirds_cast").majority == "two_thirds_cast"


def test_both_bases_of_the_demo_case_are_told():
    assert [one["value"] for one in bases_told(votes_for=30, votes_against=9, in_office=48)] == [
        "26 voix, atteints",
        "32 voix, non atteints",
    ]


@pytest.fixture
def item(council) -> AgendaItem:  # noqa: F811
    """An open session of the conseil on a project that is beyond the community interest."""
    session = Session.objects.create(intercommunality=council.intercommunality, body=council, held_on=date(2032, 3, 1))
    project = Project.objects.of(council.intercommunality).filter(status=Status.UNDER_REVIEW).first()
    competence = council.intercommunality.competences.first()
    competence.subject_to_community_interest, competence.starts_on, competence.ends_on = True, None, None
    competence.save()
    CommunityInterest.objects.get_or_create(
        competence=competence,
        defaults={"intercommunality": council.intercommunality, "text": "le gymnase"},
    )
    project.competences.set([competence])
    project.legal_ground = "beyond"
    project.fits_no_orientation, project.orientation_statement = True, "Une urgence."
    project.save()
    services.sessions.add_item(session=session, project=project, by=clerk())
    services.open_sitting(session=session, present=list(council.seats.all()[:44]), by=clerk(), at=NOW, ahead=True)
    return session.items.get()


def test_the_desk_proposes_the_majority_of_the_law_and_tells_both_bases(item):
    client, address = signed_in(clerk()), f"/seances/{item.session_id}/tenir/"
    page = client.get(address)
    assert page.context["ballot_form"]["majority"].value() == "two_thirds_members"
    assert "Si ce vote définit ou revoit l’intérêt communautaire" in page.text
    assert "32 voix pour 48 membres" in page.text.replace("\u202f", " ")
    form = {"scrutin-kind": "ordinary", "scrutin-majority": "two_thirds_members"}
    client.post(f"/seances/points/{item.pk}/scrutin/", form)
    services.close_ballot(ballot=item.ballots.get(), typed=Totals(30, 9, 5), by=clerk(), at=NOW)
    told = {fact["label"]: fact["value"] for fact in client.get(address).context["result"]["facts"]}
    assert told["Le décompte donne"] == "rejeté"
    assert told["Deux tiers des suffrages exprimés"] == "26 voix, atteints"
    assert told["Deux tiers des membres en exercice"] == "32 voix, non atteints"


def test_the_conseil_stays_free_of_another_majority(item):
    client = signed_in(clerk())
    client.post(f"/seances/points/{item.pk}/scrutin/", {"scrutin-kind": "ordinary", "scrutin-majority": "simple"})
    services.close_ballot(ballot=item.ballots.get(), typed=Totals(13, 9, 22), by=clerk(), at=NOW)
    client.post(f"/seances/points/{item.pk}/proclamer/", {"decision-outcome": "adopted"})
    assert Decision.objects.get(item=item).majority == "simple"


def test_the_form_of_a_decision_recalls_the_law_and_counts_at_its_majority(item):
    client, address = signed_in(coordinator()), f"/seances/points/{item.pk}/decider/"
    page = client.get(address)
    assert page.context["form"]["majority"].value() == "two_thirds_members"
    shown = page.text.replace(NBSP, " ")
    assert "Au regard du droit, ce qui n’est pas réglé" in shown and "Hors de l’intérêt communautaire" in shown
    assert "D’abord : Soumettre une nouvelle définition" in shown and "32 voix pour 48 membres" in shown
    votes = VOTES | {"present": 44, "powers": 0, "votes_for": 30, "votes_against": 9, "abstentions": 5}
    strict = votes | {"majority": "two_thirds_members"}
    checked = client.post(address, strict | {"outcome": "rejected", "check": "1"})
    assert checked.context["is_checked"]
    assert [one["value"] for one in checked.context["totals"][3:]] == [
        "rejeté",
        "26 voix, atteints",
        "32 voix, non atteints",
    ]
    assert set(client.post(address, strict).context["form"].errors) == {"outcome"}
    assert client.post(address, votes | {"majority": "two_thirds_cast"}).status_code == 302
    assert Decision.objects.get(item=item).majority == "two_thirds_cast"


def test_an_adjournment_without_a_vote_names_no_majority(item):
    form = {"ballot": "ordinary", "in_office": 48, "present": 44, "powers": 0, "majority": "two_thirds_members"}
    form |= {"outcome": "deferred", "text": "La définition n’est pas prête."}
    signed_in(coordinator()).post(f"/seances/points/{item.pk}/decider/", form)
    assert Decision.objects.get(item=item).majority == "simple"


def test_the_unfavourable_opinion_of_the_only_commune_is_known_at_the_desk(item):
    project, commune = item.project, item.intercommunality.communes.first()
    project.communes.set([commune])
    project.legal_ground = "within"
    project.save()
    client, address = signed_in(clerk()), f"/seances/{item.session_id}/tenir/"
    assert client.get(address).context["ballot_form"]["majority"].value() == "simple"
    assert "Ce projet concerne une seule commune" in client.get(address).text
    request = make_opinion_request(project, commune=commune, due_on=date(2032, 2, 1), asked_on=date(2031, 11, 1))
    make_opinion(request, by=coordinator(), position="unfavourable", words="Non.")
    page = client.get(address)
    assert page.context["ballot_form"]["majority"].value() == "two_thirds_members"
    assert f"({commune}) a donné un avis défavorable" in page.text
