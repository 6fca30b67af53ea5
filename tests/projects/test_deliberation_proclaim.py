"""A decision is proclaimed once, by someone else than the author, and only as the rules of the vote allow."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone

from partners.governance.circuits import Circuit
from partners.governance.models import Body
from partners.people.models import User
from projects.deliberation import services
from projects.deliberation.models import Decision, Session
from projects.proposals.models import Project

VALUES = {
    "ballot": "ordinary", "in_office": 48, "present": 41, "powers": 5, "not_taking_part": 0,
    "not_taking_part_reason": "", "votes_for": 38, "votes_against": 5, "abstentions": 3, "blank_votes": 0,
    "chair_votes_for": None, "outcome": "adopted", "text": "",
}  # fmt: skip


def open_item():
    call_command("load_demo", verbosity=0, allow_production=True)
    Circuit.objects.all().delete()  # it has tests of its own
    by = User.objects.filter(memberships__role="coordinator").first()
    project = Project.objects.filter(status="under_review").exclude(author=by).first()
    project.fits_no_orientation, project.orientation_statement = True, "Projet d’urgence."
    project.save()
    body = Body.objects.get(kind="council")
    session = Session(intercommunality=body.intercommunality, body=body, held_on=date(2026, 12, 10))
    services.plan_session(session=session, by=by)
    item = services.add_item(session=session, project=project, by=by)
    services.open_session(session=session, in_office=48, present=41, powers=5, by=by, on=session.held_on)
    return item, by


def proclaim(item, by, **changes):
    return services.proclaim(item=item, values=VALUES | changes, by=by, at=timezone.now())


@pytest.mark.django_db
def test_a_decision_follows_the_rules_then_never_changes():
    item, by = open_item()
    refusals = [
        ({"present": 24, "powers": 20, "votes_for": 36}, "quorum"),
        ({"abstentions": 4}, "46 votants"),
        ({"outcome": "rejected"}, "adopté"),
        ({"votes_for": 20, "votes_against": 20, "abstentions": 6}, "partage des voix"),
        ({"outcome": "favourable"}, "résultat possible"),
    ]
    for changes, sentence in refusals:
        with pytest.raises(ValidationError, match=sentence):
            proclaim(item, by, **changes)
    Project.objects.filter(pk=item.project_id).update(author=by)
    with pytest.raises(ValidationError, match="Vous avez proposé"):
        proclaim(item, by)
    Project.objects.filter(pk=item.project_id).update(author=None)
    decision = proclaim(item, by)
    item.project.refresh_from_db()
    assert item.project.status == "adopted"
    with pytest.raises(ValidationError, match="déjà été proclamée"):
        proclaim(item, by)
    decision.text = "Autre chose"
    with pytest.raises(ValidationError, match="ne se modifie pas"):
        decision.save()
    with pytest.raises(ValidationError, match="ne s’efface pas"):
        decision.delete()
    with pytest.raises(ValidationError, match="ne se modifie pas"):
        Decision.objects.filter(pk=decision.pk).update(text="Autre chose")
    with pytest.raises(ValidationError, match="ne se modifie pas"), transaction.atomic():
        Decision.objects.bulk_update([decision], ["text"])
    with pytest.raises(ValidationError, match="ne s’efface pas"):
        item.intercommunality.decisions.all().delete()
    assert Decision.objects.get(pk=decision.pk).text == ""
