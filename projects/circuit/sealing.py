"""What is sealed with a decision that sends a project elsewhere: the body that it names."""

from __future__ import annotations

from typing import Any

from projects.circuit.models import Referral
from projects.deliberation.models import Decision


def referral_of(decision: Decision) -> dict[str, Any]:
    """Nothing for any other decision: what was sealed before this room existed stays as it was."""
    found = Referral.objects.filter(decision=decision).select_related("body").first()
    return {"referred_to": found.body_id} if found else {}
