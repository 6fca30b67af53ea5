"""What is sealed with a decision that sends a project elsewhere: the body that it names."""

from __future__ import annotations

from typing import Any

from projects.deliberation.models import Decision


def referral_of(decision: Decision) -> dict[str, Any]:
    """Nothing for any other decision: what was sealed before this room existed stays as it was."""
    found = getattr(decision, "referral", None)
    return {"referred_to": found.body_id} if found else {}
