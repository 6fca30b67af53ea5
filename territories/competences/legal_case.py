"""A legal case in two French sentences, with its article and what to do first; pure, as the rules it puts into words.

Only what `rules` found is told. What the sources could not settle is told as unsettled, never as the law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cooperation.french import NBSP, counted, date_fr, listed
from territories.competences.rules import FIRST, FREE, PROCEDURES, Finding, Kind, Standing, findings_of, two_thirds_of

# The article, by the legal form of the EPCI; where none is sure, none is printed.
OBLIGATORY = {"CC": "L. 5214-16 I", "CA": "L. 5216-5 I", "CU": "L. 5215-20 I", "METRO": "L. 5217-2 I"}
INTEREST = {"CC": "L. 5214-16 IV", "CA": "L. 5216-5 III", "CU": "L. 5215-20", "METRO": "L. 5217-2"}
CONTRIBUTION = {"CC": "L. 5214-16 V", "CA": "L. 5216-5 VI", "CU": "L. 5215-26", "METRO": "L. 5215-26"}
MANAGEMENT = {"CC": "L. 5214-16-1", "CU": "L. 5215-27"}
TRANSFER = "(CGCT, art. L. 5211-17)"
SHOWN = 5  # communes named one by one
# What follows, and what to do first, where communes hold an operation of a competence that is no longer theirs.
THEIR_OWN = (
    "Si l’opération est celle d’une commune, il lui faut un cadre : {tools}.",
    "Faire porter le projet par l’intercommunalité, ou choisir ce cadre.",
)


@dataclass(frozen=True, slots=True)
class Words:
    """How one case is told: title, two sentences, what to do first; names in braces are filled in."""

    title: str
    first: str
    second: str
    act: str


# fmt: off
WORDS: dict[str, Words] = {
    Kind.EXERCISED: Words(
        "L’intercommunalité peut porter ce projet",
        f"Les communes ont transféré {{name}} à l’intercommunalité, qui peut porter ce projet {TRANSFER}.",
        "Dans ce domaine, elles n’agissent plus seules, sauf par les outils que la loi prévoit.",
        "Poursuivre l’instruction.",
    ),
    "exercised, obligatory": Words(
        "L’intercommunalité peut porter ce projet",
        "{name} est une compétence obligatoire de l’intercommunalité, qui peut porter ce projet{obligatory}.",
        "Communes et intercommunalité ont à s’accorder sur sa mise en œuvre, non sur son principe.",
        "Vérifier que le projet respecte ce qui est convenu avec les communes.",
    ),
    "exercised, within the interest": Words(
        "L’intercommunalité peut porter ce projet",
        "Le projet entre dans l’intérêt communautaire de {name} : l’intercommunalité peut le porter{interest}.",
        "L’intérêt communautaire est défini ainsi : {definition}.",
        "Poursuivre l’instruction.",
    ),
    Kind.EXCLUSIVE: Words(
        "Compétence de l’intercommunalité, non des communes",
        "{name} est exercée en entier par l’intercommunalité : une commune ne peut plus y agir seule (principe "
        "d’exclusivité).",
        *THEIR_OWN,
    ),
    "exclusive, within the interest": Words(
        "Compétence de l’intercommunalité, non des communes",
        "Le projet entre dans l’intérêt communautaire de {name} : une commune ne peut plus y agir seule (principe "
        "d’exclusivité).",
        *THEIR_OWN,
    ),
    "exclusive, opted in": Words(
        "Compétence de l’intercommunalité, non de ces communes",
        "{name} a été transférée par les communes que le projet concerne : elles ne peuvent plus y agir seules "
        "(principe d’exclusivité).",
        *THEIR_OWN,
    ),
    Kind.WHOLE_BY_DEFAULT: Words(
        "Compétence entière, faute de définition",
        "{name} est soumise à l’intérêt communautaire et aucune définition n’est inscrite : faute de définition dans "
        "les deux ans, l’intercommunalité exerce la compétence entière{interest}.",
        "D’après la date d’effet inscrite, ce délai s’est achevé le {deadline}.",
        "Vérifier qu’aucune délibération n’a défini l’intérêt communautaire ; s’il y en a une, l’inscrire.",
    ),
    Kind.INTEREST_TO_DEFINE: Words(
        "Intérêt communautaire à définir",
        "{name} est soumise à l’intérêt communautaire et aucune définition n’est inscrite : le conseil communautaire "
        "la vote dans les deux ans de l’arrêté de transfert{interest}.",
        "Ce délai passé{until}, l’intercommunalité exerce la compétence entière.",
        "Soumettre la définition au conseil communautaire, qui la vote {two_thirds}.",
    ),
    Kind.TO_COMPARE: Words(
        "Dans les limites de l’intérêt communautaire",
        "{name} est soumise à l’intérêt communautaire, défini ainsi : {definition}{interest}.",
        "L’intercommunalité porte ce qui entre dans cette définition ; le reste demeure aux communes.",
        "Dire si le projet entre dans cette définition.",
    ),
    Kind.BEYOND_INTEREST: Words(
        "Hors de l’intérêt communautaire",
        "Le projet n’entre pas dans l’intérêt communautaire de {name}, défini ainsi : {definition}{interest}.",
        "Le conseil communautaire peut revoir cette définition, {two_thirds} ; sinon le projet demeure aux communes.",
        "Soumettre une nouvelle définition au conseil communautaire, ou laisser le projet aux communes.",
    ),
    Kind.OPT_IN: Words(
        "L’intercommunalité peut porter ce projet, pour ces communes",
        "{name} a été transférée par les communes que le projet concerne : l’intercommunalité peut le porter "
        "(CGCT, art. L. 5211-17-2).",
        "Elle n’exerce cette compétence que pour {counted} : le projet ne peut pas en sortir.",
        "Poursuivre l’instruction.",
    ),
    Kind.OPT_IN_TO_CHECK: Words(
        "Compétence à la carte : communes à préciser",
        "{name} n’est exercée que pour les communes qui l’ont transférée (CGCT, art. L. 5211-17-2).",
        "Les communes du projet, ou celles de la compétence, ne sont pas encore nommées : on ne peut pas les comparer.",
        "Nommer les communes que le projet concerne.",
    ),
    Kind.OPT_IN_ELSEWHERE: Words(
        "Des communes n’ont pas transféré la compétence",
        "{name} n’a été transférée que par {counted} ; le projet concerne aussi {communes}, qui ne l’{have} pas "
        "transférée (CGCT, art. L. 5211-17-2).",
        "La liste des compétences à la carte et les critères pour y entrer sont fixés par le conseil communautaire et "
        "par les communes, à la majorité qualifiée ; sinon le projet s’arrête aux communes qui ont transféré.",
        "Consulter les communes sur l’extension, ou réduire le périmètre du projet.",
    ),
    Kind.CATEGORY_TO_STATE: Words(
        "Catégorie de la compétence à préciser",
        "La base nationale déclare {name} exercée par l’intercommunalité, sans dire dans quelle catégorie.",
        "Obligatoire{obligatory} ou transférée par les communes (L. 5211-17), soumise ou non à l’intérêt "
        "communautaire : la suite en dépend.",
        "Préciser la catégorie de la compétence.",
    ),
    Kind.NOT_YET: Words(
        "Compétence pas encore exercée",
        "{name} ne sera exercée par l’intercommunalité qu’à partir du {since}{ground}.",
        "Jusque-là elle reste aux communes ; le projet peut s’instruire, non commencer.",
        "Prévoir le début du projet à partir de cette date.",
    ),
    Kind.TRANSFERABLE: Words(
        "Compétence restée aux communes, transférable",
        f"{{name}} {{left}} : celles-ci peuvent la transférer à l’intercommunalité, par une consultation {TRANSFER}.",
        "Après une délibération du conseil communautaire, chaque conseil municipal a trois mois pour se prononcer, son "
        "silence vaut accord, et la majorité qualifiée décide avant l’arrêté préfectoral.",
        "Simuler puis lancer la consultation des communes (à la carte si quelques-unes seulement le souhaitent, "
        "L. 5211-17-2), ou s’entendre sans transfert.",
    ),
    Kind.LOCAL_PLAN: Words(
        "Plan local d’urbanisme resté aux communes",
        "{name} {left} : un quart au moins des communes, représentant au moins un cinquième de la population, peut "
        "s’opposer à son transfert (loi ALUR, art. 136 II).",
        "La question revient après chaque renouvellement général ; un texte récent a pu changer ce rendez-vous, à "
        "faire confirmer.",
        "Faire confirmer la règle en vigueur, puis simuler l’opposition des communes.",
    ),
    Kind.COMMUNES_OWN: Words(
        "Le projet reste aux communes",
        "Le projet relève des communes : l’intercommunalité n’agit que dans les compétences qui lui sont transférées "
        "(principe de spécialité).",
        "Elle peut y aider par {tools}.",
        "Choisir l’outil avec les communes intéressées.",
    ),
    Kind.NONE_FITS: Words(
        "Aucune compétence inscrite ne convient",
        "Aucune compétence inscrite ne convient : l’intercommunalité n’agit que dans celles qui lui sont transférées "
        "(principe de spécialité).",
        "Si le projet relève des communes, elle peut y aider par {tools} ; les communes peuvent aussi lui transférer "
        "la compétence (art. L. 5211-17).",
        "Dire si le projet relève des communes, ou d’un autre niveau.",
    ),
    Kind.TO_CHOOSE: Words(
        "Compétence à choisir",
        "Aucune compétence n’est encore choisie pour ce projet.",
        "L’intercommunalité n’agit que dans les compétences qui lui sont transférées (principe de spécialité ; pour "
        "les transferts, CGCT, art. L. 5211-17).",
        "Choisir une compétence, ou dire pourquoi aucune ne convient.",
    ),
    Kind.ONE_COMMUNE: Words(
        "Une seule commune concernée : son avis d’abord",
        "Si la décision du conseil communautaire n’a d’effet que pour {communes}, le conseil municipal de cette "
        "commune donne d’abord son avis (CGCT, art. L. 5211-57).",
        "Sans réponse dans les trois mois, l’avis est réputé favorable ; s’il est défavorable, il faut les deux tiers "
        "des membres du conseil communautaire{votes}.",
        "Demander l’avis du conseil municipal ({communes}).",
    ),
    Kind.OUTSIDE: Words(
        "Hors du domaine des communes et de l’intercommunalité",
        "Le projet ne relève ni de l’intercommunalité ni des communes, qui ne transfèrent que leurs propres "
        f"compétences {TRANSFER}.",
        "Il peut être porté par un autre (État, région, département, partenaire) ; la place des communes et de "
        "l’intercommunalité y est à définir avec lui.",
        "Chercher qui peut porter le projet.",
    ),
    Kind.OWN_TEXTS: Words(
        "Textes propres à la métropole de Lyon",
        "La métropole de Lyon n’est pas un EPCI : elle suit des textes qui lui sont propres (CGCT, art. L. 3611-1).",
        "Les règles des intercommunalités ne s’y appliquent pas telles quelles, et la plateforme ne les transpose pas.",
        "Demander l’avis du service juridique.",
    ),
}
# fmt: on
TWO_THIRDS = "à la majorité des deux tiers (la base de ce calcul est discutée : par prudence, l’effectif du conseil)"


@dataclass(frozen=True, slots=True)
class LegalCase:
    """What a reader is told: the case, two sentences, what to do first, the procedure that this calls for.

    `done` tells how what comes first was done, when it was.
    """

    kind: Kind
    title: str
    sentences: tuple[str, str]
    first: str
    procedure: str = ""
    done: str = ""

    @property
    def level(self) -> str:
        """good: go; alert: something comes first; watch: something has to be settled."""
        return "good" if self.kind in FREE or self.done else "alert" if self.kind in FIRST else "watch"

    @property
    def text(self) -> str:
        return " ".join(self.sentences)


def legal_cases(
    *,
    epci_kind: str,
    standings: Sequence[Standing],
    communes: Sequence[str],
    day: date,
    ground: str = "",
    none_fits: bool = False,
    a_commune_owns: bool = False,
    seats: int | None = None,
) -> list[LegalCase]:
    """The legal cases of a project in words, what must be done first at the head (inputs: `rules.findings_of`)."""
    findings = findings_of(
        epci_kind=epci_kind,
        standings=standings,
        communes=communes,
        day=day,
        ground=ground,
        none_fits=none_fits,
        a_commune_owns=a_commune_owns,
    )
    return [case_of(finding, epci_kind, seats) for finding in findings]


def case_of(finding: Finding, epci_kind: str, seats: int | None = None) -> LegalCase:
    """Put one finding into words; `seats` is the number of members of the council, when it is known."""
    words = WORDS[variant_of(finding)]
    values = values_of(finding, epci_kind, seats)
    first, second, act = (tied(text.format(**values)) for text in (words.first, words.second, words.act))
    return LegalCase(finding.kind, words.title, (first, second), act, PROCEDURES.get(finding.kind, ""))


def variant_of(finding: Finding) -> str:
    """A competence that is exercised, or that the communes no longer exercise, is told in one of three ways."""
    standing = finding.standing
    if finding.kind not in {Kind.EXERCISED, Kind.EXCLUSIVE} or standing is None:
        return finding.kind
    if standing.category == "opt_in":
        return "exclusive, opted in"
    if standing.subject_to_interest and standing.interest:
        return f"{finding.kind}, within the interest"
    if finding.kind == Kind.EXCLUSIVE:
        return finding.kind
    return "exercised, obligatory" if standing.category == "obligatory" else finding.kind


def values_of(finding: Finding, epci_kind: str, seats: int | None) -> dict[str, str]:
    """Everything a sentence may name; what is unknown is empty or « à préciser »."""
    standing = finding.standing or Standing("", "")
    return {
        "name": f"«{NBSP}{standing.label}{NBSP}»",
        "definition": f"«{NBSP}{standing.interest.strip().rstrip('.')}{NBSP}»",
        "since": _day(standing.since),
        "deadline": _day(finding.deadline),
        "until": f" (d’après la date d’effet inscrite, après le {_day(finding.deadline)})" if finding.deadline else "",
        "counted": "une commune" if len(standing.communes) == 1 else counted(len(standing.communes), "commune"),
        "communes": listed(finding.communes, SHOWN),
        "have": "ont" if len(finding.communes) > 1 else "a",
        "left": left_to_the_communes(standing),
        "tools": tools(epci_kind),
        "obligatory": _article(OBLIGATORY.get(epci_kind)),
        "ground": _article(OBLIGATORY.get(epci_kind) if standing.category == "obligatory" else "L. 5211-17"),
        "interest": _article(INTEREST.get(epci_kind)),
        "two_thirds": TWO_THIRDS,
        "votes": f", soit {two_thirds_of(seats)} voix pour {counted(seats, 'siège')}" if seats else "",
    }


def tools(epci_kind: str) -> str:
    """By what means an EPCI helps its communes with what is theirs."""
    management, contribution = MANAGEMENT.get(epci_kind), CONTRIBUTION.get(epci_kind)
    return (
        "un service commun (CGCT, art. L. 5211-4-2), "
        f"une convention de gestion{f' ({management})' if management else ''}, "
        f"un fonds de concours pour un équipement{f' ({contribution})' if contribution else ''}, "
        "un groupement de commandes (CCP, art. L. 2113-6)"
    )


def left_to_the_communes(standing: Standing) -> str:
    if standing.ends_on and standing.category != "municipal":
        return f"n’est plus exercée par l’intercommunalité après le {_day(standing.ends_on)} et revient aux communes"
    return "est restée aux communes"


def _article(number: str | None) -> str:
    return f" (CGCT, art. {number})" if number else ""


def _day(day: date | None) -> str:
    return date_fr(day) if day else "jour à préciser"


def tied(sentence: str) -> str:
    """An article stays on one line with its letter."""
    return sentence.replace("art. L. ", f"art.{NBSP}L.{NBSP}").replace("L. 5", f"L.{NBSP}5")
