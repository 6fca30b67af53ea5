"""What happened to a competence: its dates in law, then what was written here, by whom."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.utils import timezone

from territories.competences.models import CommunityInterest, Competence, ImplementationAgreement

NAMES = {field.name: str(field.verbose_name) for field in Competence._meta.fields}
OWN_FIELDS = [field.name for field in Competence._meta.fields]
SAID = {True: "oui", False: "non", None: "—", "": "—"}


def story_of(competence: Competence) -> list[dict[str, Any]]:
    """The dated facts of a competence, the oldest first (inputs of `components/_timeline.html`)."""
    events = [event(competence.since, "Exercée par l’intercommunalité", competence.act)] if competence.since else []
    if competence.ends_on:
        events.append(event(competence.ends_on, "Dernier jour d’exercice", competence.act))
    events += [
        event(interest.decided_on, "Intérêt communautaire défini", interest.act, is_decision=True)
        for interest in competence.interests.all()
        if interest.decided_on
    ]
    events += [
        event(agreement.agreed_on, f"Accord conclu : {agreement.title}", agreement.act, is_decision=True)
        for agreement in competence.agreements.all()
        if agreement.agreed_on
    ]
    return sorted(events, key=lambda one: one["on"])


def event(on: Any, title: str, text: str = "", *, is_decision: bool = False) -> dict[str, Any]:
    return {"on": on, "title": title, "text": text, "is_decision": is_decision}


def changes_of(competence: Competence) -> list[dict[str, Any]]:
    """What was written on the platform about a competence, the latest first: when, what, by whom."""
    rows = list(competence.history.select_related("history_user").order_by("-history_date", "-history_id"))
    communes = communes_kept(competence)
    found = []
    for new, old in zip(rows, [*rows[1:], None], strict=True):
        if text := "Compétence inscrite" if old is None else told(new, old, communes):
            found.append(change(new, text))
    for model, label in ((CommunityInterest, "Intérêt communautaire"), (ImplementationAgreement, "Accord")):
        kept = model.history.filter(competence_id=competence.pk).select_related("history_user")
        verbs = {"+": "inscrit", "~": "modifié", "-": "retiré"}
        found += [change(row, f"{label} {verbs[row.history_type]} : {shortened(row)}") for row in kept]
    return sorted(found, key=lambda one: one["at"], reverse=True)


def change(row: Any, text: str) -> dict[str, Any]:
    who = row.history_user or row.history_change_reason or ""
    return {"at": row.history_date, "on": timezone.localtime(row.history_date), "text": text, "who": str(who)}


def communes_kept(competence: Competence) -> dict[int, set[int]]:
    """The communes of each version kept, in one query."""
    kept: dict[int, set[int]] = {}
    rows = apps.get_model("territories", "HistoricalCompetence_communes").objects.filter(competence_id=competence.pk)
    for version, commune in rows.values_list("history_id", "commune_id"):
        kept.setdefault(version, set()).add(commune)
    return kept


def told(new: Any, old: Any, communes: dict[int, set[int]]) -> str:
    """« catégorie : communale → supplémentaire ; … » between two versions; nothing when they say the same."""
    parts = [
        f"{NAMES[one.field]} : {value(one.field, one.old)} → {value(one.field, one.new)}"
        for one in new.diff_against(old, included_fields=OWN_FIELDS).changes
    ]
    before, after = communes.get(old.history_id, set()), communes.get(new.history_id, set())
    if before != after:
        parts.append(f"communes concernées : {len(before)} → {len(after)}")
    return " ; ".join(parts)


def value(field: str, said: Any) -> str:
    if field == "category":
        return str(Competence.Category(said).label)
    if isinstance(said, list):
        return ", ".join(said) or "—"
    if hasattr(said, "strftime"):
        return f"{said:%d/%m/%Y}"
    return SAID.get(said, str(said))


def shortened(row: Any) -> str:
    text = getattr(row, "title", "") or row.text
    return text if len(text) <= 80 else text[:79].rsplit(" ", 1)[0] + "…"
