"""Rules of law on the money between an EPCI and its communes: pure functions on euros, each with its article."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from cooperation.checks import Check
from cooperation.french import counted, euros, percent
from territories.levers.sharing import Exact, SharingError, cents_of, euros_of, exact, share

LEGAL_PERCENT = 35
GRANT_ARTICLE = "CGCT, art. L. 5211-28-4"
COMPENSATION_ARTICLE = "CGI, art. 1609 nonies C, IV et V"
EQUALISATION_ARTICLE = "CGCT, art. L. 2336-3 et L. 2336-5"
# The three codes say the same thing at three addresses; none is verified for the métropole de Lyon.
FUND_ARTICLES = {
    "CC": "CGCT, art. L. 5214-16 V",
    "CA": "CGCT, art. L. 5216-5 VI",
    "CU": "CGCT, art. L. 5215-26",
    "METRO": "CGCT, art. L. 5215-26",
}


@dataclass(frozen=True)
class Criterion:
    """One criterion of the solidarity grant: its weight out of a hundred and the value of every commune.

    `is_gap` tells income and potential: the lower the value against the average, the larger the part. The others are
    shared in proportion of the value.
    """

    code: str
    label: str
    weight: int
    values: Mapping[str, Exact]
    is_gap: bool = False
    is_legal: bool = False


@dataclass(frozen=True)
class Grant:
    """A solidarity grant shared out: the envelope of each criterion, the components of each commune, its total."""

    total: Decimal
    envelopes: Mapping[str, Decimal]
    components: Mapping[str, Mapping[str, Decimal]]  # by code of criterion, then by INSEE code
    totals: Mapping[str, Decimal]
    legal: Decimal  # what the legal criteria justify

    @property
    def holds(self) -> bool:
        return legal_criteria_suffice(self.legal, self.total)


def weighted_mean(values: Mapping[str, Exact], populations: Mapping[str, int]) -> Fraction:
    """The average of the EPCI per inhabitant: each commune counts for its population."""
    people = sum(populations[insee] for insee in values)
    if not people:
        raise SharingError("La population totale de l’intercommunalité est nulle : aucune moyenne ne se calcule.")
    return sum((populations[insee] * exact(value) for insee, value in values.items()), Fraction(0)) / people


def gap_weights(label: str, values: Mapping[str, Exact], populations: Mapping[str, int]) -> dict[str, Fraction]:
    """population × average ÷ value: the poorer the commune, the heavier (CGCT, art. L. 5211-28-4).

    The law does not write the function; this one is admissible, and the pact says it. Raises `SharingError`.
    """
    if any(exact(value) <= 0 for value in values.values()):
        raise SharingError(f"« {label} » : il faut une valeur supérieure à zéro pour chaque commune.")
    mean = weighted_mean(values, populations)
    return {insee: populations[insee] * mean / exact(value) for insee, value in values.items()}


def envelopes_of(total: Decimal, criteria: Sequence[Criterion]) -> dict[str, Decimal]:
    """What each criterion shares, to the cent; cents left go to the legal criteria first, so that 35 % stays 35 %."""
    if sum(one.weight for one in criteria) != 100:
        found = sum(one.weight for one in criteria)
        raise SharingError(f"Les poids des critères doivent faire 100 % : ils font {found} %.")
    if exact(total) < 0:
        raise SharingError("Une dotation de solidarité ne peut pas être négative.")
    cents = cents_of(total)
    exactly = {one.code: Fraction(cents * one.weight, 100) for one in criteria}
    given = {code: amount.numerator // amount.denominator for code, amount in exactly.items()}
    order = sorted(criteria, key=lambda one: (not one.is_legal, given[one.code] - exactly[one.code]))
    waiting = [one.code for one in order if exactly[one.code] != given[one.code]]
    for code in waiting[: cents - sum(given.values())]:
        given[code] += 1
    return {code: euros_of(amount) for code, amount in given.items()}


def solidarity_grant(total: Decimal, criteria: Sequence[Criterion], populations: Mapping[str, int]) -> Grant:
    """Share the dotation de solidarité communautaire, in euros (CGCT, art. L. 5211-28-4).

    Each criterion has an envelope, shared to the cent; the total of a commune is the sum of its components, so that
    every line and every column adds up. Raises `SharingError` in French.
    """
    envelopes = envelopes_of(total, criteria)
    components: dict[str, dict[str, Decimal]] = {}
    for one in criteria:
        if not one.weight:
            components[one.code] = dict.fromkeys(populations, Decimal("0.00"))
            continue
        if set(one.values) != set(populations):
            raise SharingError(f"« {one.label} » : il faut une valeur pour chaque commune.")
        values = gap_weights(one.label, one.values, populations) if one.is_gap else one.values
        components[one.code] = share(envelopes[one.code], [(100, values)], [one.label])
    totals = {insee: sum((part[insee] for part in components.values()), Decimal("0.00")) for insee in populations}
    legal = sum((envelopes[one.code] for one in criteria if one.is_legal), Decimal("0.00"))
    return Grant(total, envelopes, components, totals, legal)


def legal_criteria_suffice(legal: Decimal, total: Decimal) -> bool:
    """Income and potential justify at least 35 % of what is distributed (CGCT, art. L. 5211-28-4)."""
    return 100 * exact(legal) >= LEGAL_PERCENT * exact(total)


def legal_criteria_check(legal: Decimal, total: Decimal) -> Check:
    """The same, in words, with the amount that would put it right."""
    holds = legal_criteria_suffice(legal, total)
    part = Decimal(cents_of(legal) * 100) / cents_of(total) if total else Decimal(0)
    sentence = f"Les deux critères légaux, revenu et potentiel, répartissent {euros(legal)}, soit {percent(part, 2)}."
    lacking = Decimal("0.00")
    if holds:
        sentence += f" C’est au moins les {LEGAL_PERCENT} % exigés."
    else:
        asked = Fraction(cents_of(total) * LEGAL_PERCENT, 100)
        lacking = euros_of(-(-asked.numerator // asked.denominator) - cents_of(legal))
        sentence += f" Il en faut au moins {LEGAL_PERCENT} % : il leur manque {euros(lacking)}, à total inchangé."
    return Check("legal_criteria", GRANT_ARTICLE, holds, sentence, lacking)


def grant_is_adopted(votes_for: int, votes_against: int) -> bool:
    """Two thirds of the votes cast, abstentions left out (CGCT, art. L. 5211-28-4)."""
    return votes_for + votes_against > 0 and 3 * votes_for >= 2 * (votes_for + votes_against)


def vote_check(votes_for: int, votes_against: int) -> Check:
    """Whether a grant is adopted, in one sentence: two thirds of the votes cast, abstentions left out."""
    adopted = grant_is_adopted(votes_for, votes_against)
    cast = votes_for + votes_against
    needed = -(-2 * cast // 3)
    sentence = (
        f"La dotation recueille {votes_for} voix sur {counted(cast, 'suffrage exprimé')} ; "
        f"il en faut les deux tiers, soit {needed}."
    )
    return Check("grant_vote", GRANT_ARTICLE, adopted, sentence)


def compensation(previous: Decimal, transferred: Decimal, returned: Decimal = Decimal(0)) -> Decimal:
    """The attribution de compensation of the year, in euros: last year's, less the net charges transferred, plus those
    given back (CGI, art. 1609 nonies C). It may be negative: the commune pays.
    """
    return euros_of(cents_of(previous) - cents_of(transferred) + cents_of(returned))


def compensation_check(
    name: str, *, previous: Decimal, amount: Decimal, transferred: Decimal, returned: Decimal
) -> Check:
    """Whether the amount written follows from last year's; another one asks for the free mode."""
    expected = compensation(previous, transferred, returned)
    sentence = f"{name} : l’attribution suit celle de l’an passé et les charges évaluées ({euros(expected)})."
    if amount != expected:
        sentence = (
            f"{name} : l’attribution inscrite est de {euros(amount)} ; celle de l’an passé et les charges évaluées "
            f"donnent {euros(expected)}. Un autre montant demande des délibérations concordantes du conseil (deux "
            "tiers) et de la commune."
        )
    return Check("compensation", COMPENSATION_ARTICLE, amount == expected, sentence, expected)


def is_within_thirty_percent(amount: Decimal, common_rule: Decimal) -> bool:
    """No more than 30 % away from the common rule (FPIC, CGCT, art. L. 2336-3 and L. 2336-5)."""
    return 10 * abs(exact(amount) - exact(common_rule)) <= 3 * abs(exact(common_rule))


def equalisation_check(name: str, *, amount: Decimal, common_rule: Decimal) -> Check:
    """The same for one commune, with the bounds."""
    margin = Fraction(cents_of(common_rule) * 3, 10)
    reach = abs(margin).numerator // abs(margin).denominator  # cents, down: the bounds themselves are allowed
    low, high = euros_of(cents_of(common_rule) - reach), euros_of(cents_of(common_rule) + reach)
    holds = is_within_thirty_percent(amount, common_rule)
    sentence = f"{name} : {euros(amount)} au titre du FPIC, pour {euros(common_rule)} de droit commun."
    if not holds:
        sentence += f" La dérogation à 30 % permet de {euros(low)} à {euros(high)}."
    return Check("equalisation", EQUALISATION_ARTICLE, holds, sentence)


def fund_ceiling(cost: Decimal, subsidies: Decimal) -> Decimal:
    """The most a fonds de concours may reach, in euros, cents rounded down: half of the cost less the subsidies."""
    return euros_of((cents_of(cost) - cents_of(subsidies)) // 2)


def fund_is_within_ceiling(amount: Decimal, *, cost: Decimal, subsidies: Decimal) -> bool:
    """2 × F ≤ C − S: no more than the share borne by the owner, subsidies excluded (CGCT, art. L. 5214-16 V…)."""
    return 2 * cents_of(amount) <= cents_of(cost) - cents_of(subsidies)


def fund_check(name: str, kind: str, *, amount: Decimal, cost: Decimal, subsidies: Decimal) -> Check:
    """The ceiling of the law; `kind` is the form of the EPCI (CC, CA, CU, METRO…), which gives the article."""
    holds = fund_is_within_ceiling(amount, cost=cost, subsidies=subsidies)
    ceiling = max(Decimal("0.00"), fund_ceiling(cost, subsidies))
    sentence = (
        f"{name} : le fonds de concours est de {euros(amount)} ; il ne peut dépasser {euros(ceiling)}, la part du "
        "maître d’ouvrage hors subventions."
    )
    return Check("fund", FUND_ARTICLES.get(kind, ""), holds, sentence, ceiling)


def regulation_check(
    name: str, *, amount: Decimal, cost: Decimal, percent_ceiling: Decimal | None, amount_ceiling: Decimal | None
) -> Check | None:
    """The EPCI's own regulation of the fonds de concours: a part of the cost, and an amount; None when it sets none."""
    ceilings = []
    if percent_ceiling is not None:
        part = Fraction(cents_of(cost)) * exact(percent_ceiling) / 100
        ceilings.append((euros_of(part.numerator // part.denominator), f"{percent(percent_ceiling)} du coût"))
    if amount_ceiling is not None:
        ceilings.append((amount_ceiling, "le plafond par équipement"))
    if not ceilings:
        return None
    ceiling, reason = min(ceilings)
    sentence = f"{name} : {euros(amount)} demandés ; le règlement permet {euros(ceiling)} ({reason})."
    return Check("regulation", "règlement des fonds de concours", amount <= ceiling, sentence, ceiling)


def envelope_check(spent: Decimal, envelope: Decimal) -> Check:
    """The yearly envelope that the pact sets for the fonds de concours paid to the communes."""
    sentence = f"Fonds de concours de l’année : {euros(spent)} sur une enveloppe de {euros(envelope)}."
    if spent > envelope:
        sentence += f" Elle est dépassée de {euros(spent - envelope)}."
    return Check("envelope", "pacte financier", spent <= envelope, sentence, envelope - spent)
