"""Reading a chain again and comparing it with what the other rooms hold: what does not hold is named."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cooperation import seal as rules
from cooperation.french import counted
from projects.seal.models import SealChain, SealedRecord
from territories.places.models import Intercommunality

# For a kind of record: the rows of an EPCI sealed so, each as (subject, what tells its name, facts as they are now).
Rows = Callable[[Intercommunality], Iterable[tuple[str, object, Mapping[str, Any]]]]
TOLD = "told"  # how things were named on the day: sealed, and free to change afterwards


@dataclass(frozen=True)
class Fault:
    """Something that does not hold: in which chain, at which record (0: none), in one French sentence."""

    siren: str
    sequence: int
    sentence: str

    def __str__(self) -> str:
        return f"{self.siren} : {self.sentence}."


def check(
    intercommunality: Intercommunality, *, kinds: Mapping[str, Rows], heads: Iterable[Mapping[str, Any]] = ()
) -> list[Fault]:
    """Everything that does not hold in the chain of an EPCI, the first broken row first; empty when all holds.

    `heads` are those handed out earlier and kept elsewhere: they tell a chain whose end was cut off, or rewritten.
    """
    return list(faults_of(intercommunality, kinds, heads))


def faults_of(
    intercommunality: Intercommunality, kinds: Mapping[str, Rows], heads: Iterable[Mapping[str, Any]]
) -> Iterator[Fault]:
    siren = intercommunality.siren
    records = list(SealedRecord.objects.filter(intercommunality=intercommunality).order_by("sequence", "digest"))
    if broken := rules.first_break(siren, (record.link for record in records)):
        yield Fault(siren, broken.sequence, broken.sentence)
    yield from faults_of_end(intercommunality, records)
    yield from faults_of_heads(siren, records, heads)
    yield from faults_of_rows(intercommunality, records, kinds)


def faults_of_end(intercommunality: Intercommunality, records: list[SealedRecord]) -> Iterator[Fault]:
    """The chain ends where its own row says."""
    siren = intercommunality.siren
    chain = SealChain.objects.filter(intercommunality=intercommunality).first()
    length, head = (chain.length, chain.head) if chain else (0, rules.anchor(siren))
    last = records[-1].digest if records else rules.anchor(siren)
    if length > len(records):
        told = f"{counted(length, 'attendu')}, {counted(len(records), 'trouvé')}"
        yield Fault(siren, len(records) + 1, f"la fin de la chaîne manque : {told}")
    elif length != len(records) or head != last:
        yield Fault(siren, len(records), "la chaîne ne se termine pas sur l’empreinte notée à part")


def faults_of_heads(siren: str, records: list[SealedRecord], heads: Iterable[Mapping[str, Any]]) -> Iterator[Fault]:
    """Every head kept elsewhere is still at its rank."""
    digests = {record.sequence: record.digest for record in records}
    for told in heads:
        if told.get("siren") != siren:
            continue
        sequence = int(told["sequence"])
        if sequence not in digests:
            yield Fault(
                siren, sequence, f"l’enregistrement n° {sequence}, gardé ailleurs, manque : la fin a été coupée"
            )
        elif digests[sequence] != told.get("head"):
            yield Fault(siren, sequence, f"l’enregistrement n° {sequence} n’est plus celui qui est gardé ailleurs")


def faults_of_rows(
    intercommunality: Intercommunality, records: list[SealedRecord], kinds: Mapping[str, Rows]
) -> Iterator[Fault]:
    """Every sealed row is there and says what was sealed; every row that should be sealed is, once.

    The rows of a kind are read at its first record: whoever asks for the first fault alone waits for no other.
    """
    siren = intercommunality.siren
    rows: dict[tuple[str, str], tuple[str, object, Mapping[str, Any]]] = {}
    unread, seen = dict(kinds), set()

    def read(kind: str) -> None:
        rows.update(((kind, row[0]), row) for row in unread.pop(kind)(intercommunality))

    for record in records:
        if record.kind in unread:
            read(record.kind)
        key = record.kind, record.subject
        if record.kind not in kinds:
            yield Fault(siren, record.sequence, f"l’enregistrement n° {record.sequence} est d’une nature inconnue")
        elif key in seen:
            yield Fault(siren, record.sequence, f"l’enregistrement n° {record.sequence} scelle deux fois le même objet")
        elif key not in rows:
            sentence = f"la ligne scellée sous le n° {record.sequence} ({record.subject}) a disparu"
            yield Fault(siren, record.sequence, sentence)
        elif changed := difference(record, rows[key][2]):
            name = rows[key][1]
            sentence = f"«\u00a0{name}\u00a0», scellé sous le n° {record.sequence}, a été modifié depuis ({changed})"
            yield Fault(siren, record.sequence, sentence)
        seen.add(key)
    for kind in list(unread):
        read(kind)
    for key in rows.keys() - seen:
        yield Fault(siren, 0, f"«\u00a0{rows[key][1]}\u00a0» ({key[1]}) n’est scellé nulle part")


def difference(record: SealedRecord, facts: Mapping[str, Any]) -> str:
    """The names of the facts that are no longer those sealed; "" when they all are."""
    try:
        sealed = {name: fact for name, fact in record.told.items() if name != TOLD}
    except (ValueError, AttributeError):
        return "faits illisibles"
    now = {name: fact for name, fact in rules.plain(facts).items() if name != TOLD}
    names = sorted(name for name in sealed.keys() | now.keys() if sealed.get(name, ...) != now.get(name, ...))
    return ", ".join(names)
