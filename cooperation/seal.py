"""The seal as pure rules: plain facts written one way only, and a chain of digests in which nothing moves unseen."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

VERSION = "communaccord/sceau/1"


def plain(value: Any) -> Any:
    """A fact as JSON can tell it without doubt: a decimal, a day, an instant keep their type and are written as text.

    Raises `TypeError` for what has more than one writing (a float, a time without its zone) or a key that is no text.
    """
    if value is None or isinstance(value, bool | str):
        return str(value) if isinstance(value, str) else value  # a choice of Django is a text
    if isinstance(value, int):
        return int(value)
    if isinstance(value, Decimal):
        return {"$decimal": format(value, "f")}
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise TypeError("an instant is sealed with its time zone")
        return {"$instant": value.astimezone(UTC).isoformat(timespec="microseconds")}
    if isinstance(value, date):
        return {"$day": value.isoformat()}
    if isinstance(value, Mapping):
        if wrong := [key for key in value if not isinstance(key, str) or key.startswith("$")]:
            raise TypeError(f"not the name of a fact: {wrong[0]!r}")
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} is not a plain fact")


def canonical(facts: Mapping[str, Any]) -> str:
    """The one text of these facts: keys in order, no space, nothing escaped that can be read."""
    return write(plain(facts))


def write(told: Any) -> str:
    """The one text of facts that are already plain."""
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def anchor(siren: str) -> str:
    """What the first record of an EPCI hangs on: no record can be moved to the chain of another."""
    return hashlib.sha256(f"{VERSION}:{siren}".encode()).hexdigest()


@dataclass(frozen=True)
class Link:
    """A record of the chain as it is stored: `facts` is the canonical text that was digested."""

    sequence: int
    kind: str
    subject: str
    facts: str
    previous: str
    digest: str
    sealed_at: datetime
    by_name: str

    @property
    def expected(self) -> str:
        return digest_of(
            previous=self.previous,
            sequence=self.sequence,
            kind=self.kind,
            subject=self.subject,
            facts=self.facts,
            sealed_at=self.sealed_at,
            by_name=self.by_name,
        )


def digest_of(
    *, previous: str, sequence: int, kind: str, subject: str, facts: str, sealed_at: datetime, by_name: str
) -> str:
    """SHA-256 over the former head, the rank and everything the record says; each part is written with its length."""
    said = [previous, sequence, kind, subject, facts, sealed_at, by_name]
    return hashlib.sha256(write(plain(said)).encode()).hexdigest()


@dataclass(frozen=True)
class Break:
    """The first place where a chain does not hold, in one French sentence."""

    sequence: int
    sentence: str


def first_break(siren: str, links: Iterable[Link]) -> Break | None:
    """Read a chain from its beginning, in the order of its ranks; None when every record hangs on the one before."""
    head = anchor(siren)
    for rank, link in enumerate(links, start=1):
        if link.sequence != rank:
            return Break(rank, f"l’enregistrement n° {rank} manque (le suivant porte le n° {link.sequence})")
        if link.previous != head:
            return Break(rank, f"l’enregistrement n° {rank} n’est pas attaché à celui qui le précède")
        if not hmac.compare_digest(link.expected, link.digest):
            return Break(rank, f"l’enregistrement n° {rank} a été modifié : il ne correspond plus à son empreinte")
        head = link.digest
    return None


def signature_of(told: Mapping[str, Any], key: str) -> str:
    """HMAC-SHA-256 of facts handed out, with a key that is kept outside the database."""
    return hmac.new(key.encode(), canonical(told).encode(), hashlib.sha256).hexdigest()


def is_signed(told: Mapping[str, Any], key: str, signature: str) -> bool:
    return hmac.compare_digest(signature_of(told, key), signature)
