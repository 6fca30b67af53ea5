"""A relay person whose data are erased is named no more in what they said of projects for their structure.

What was said stays, and the structure with it: it belongs to the file of the élus. Each room freezes a name beside its
rows, and copies it into their history: both are written again. The records of the seal name no relay person.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from partners.directory.models import Relay
from partners.directory.services import relay_erasing
from projects.debate.models import Contribution
from projects.opinions.models import Opinion, OpinionReminder, OpinionRequest
from projects.proposals.actor_models import Actor, Endorsement

SOMEBODY = "une personne relais"
# Where a name is frozen, and what tells the rows of a structure.
OF_ACTORS = ((Endorsement, "given_by_name"),)
OF_QUESTIONS = (
    (Opinion, "given_by_name"), (Opinion, "recorded_by_name"), (Opinion, "withdrawn_by_name"),
    (OpinionReminder, "person_name"),
)  # fmt: skip
OF_VOICES = ((Contribution, "author_name"),)


def unname(relay: Relay, **_: Any) -> None:
    structure = Q(partner=relay.partner) if relay.partner_id else Q(commune=relay.commune)
    actors = Q(actor__in=Actor.objects.filter(structure))
    questions = Q(request__in=OpinionRequest.objects.filter(structure))
    voices = Q(organisation=str(relay.structure))
    for rows, said in ((actors, OF_ACTORS), (questions, OF_QUESTIONS), (voices, OF_VOICES)):
        for model, name in said:
            kept = [model, model.history.model] if hasattr(model, "history") else [model]
            for one in kept:
                one._base_manager.filter(rows, **{name: relay.full_name}).update(**{name: SOMEBODY})


def listen() -> None:
    relay_erasing.connect(unname, dispatch_uid="unname_relay")
