"""The page of a commune: who it is, where it lies, and one block for each thing that concerns it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Max, Model, Prefetch, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from cooperation.alphabetical import Alphabetical
from cooperation.drawing.maps import Map, Place, draw_map
from cooperation.french import NBSP, counted, date_fr, euros, number, percent, with_de
from partners.governance.models import ElectedMember, Seat
from partners.people.access import scope_of
from partners.people.models import User
from projects.funding.share_models import ChargeKey
from projects.funding.share_reading import charges_in
from projects.portfolio.latest import Latest, latest_of
from projects.portfolio.territory import populations_of, total_of
from projects.proposals.actor_models import Actor
from projects.proposals.models import Project
from projects.proposals.querysets import ProjectQuerySet
from projects.totals.models import Group, Kind
from projects.totals.reads import sums_seen
from territories.competences.models import Competence
from territories.consultations.models import Answer
from territories.consultations.presentation import word_of
from territories.levers.cost_tables import sharings_of
from territories.levers.models import PactYear, ServiceYear
from territories.levers.pact_tables import FLOWS, flows_of_the_pact, grant_in_force, shared
from territories.places.models import Commune, Population
from territories.places.outlines import outlines_of

SHOWN = 60  # projects told on the page; the list of projects has them all


@dataclass(frozen=True)
class Cell:
    """What a cell shows: words, which may open a page, or the state of a project."""

    text: str
    url: str = ""
    status: str = ""


@dataclass(frozen=True)
class Block:
    """A part of the page: a table under a title, or the sentence that stands for an empty one."""

    key: str  # unique on the page
    title: str
    headers: tuple[str, ...]
    rows: list[list[Cell]]
    empty: str
    note: str = ""
    url: str = ""  # where more is told
    label: str = ""


@dataclass(frozen=True)
class Commons:
    """What several blocks read, once for the page: the projects that the person sees, and those of the commune."""

    commune: Commune
    user: User
    visible: ProjectQuerySet
    latest: Latest

    @property
    def naming(self) -> QuerySet[Model]:
        """The rows by which projects name the commune."""
        return Project.communes.through.objects.filter(commune=self.commune)


def blocks_of(commune: Commune, request: HttpRequest) -> list[Block]:
    """What concerns the commune, in the order of the page: a room that has more to say adds its function here."""
    visible = Project.objects.visible_in(commune.intercommunality, request.user)
    page = Commons(commune, request.user, visible, projects_of(commune, visible, request.user))
    return [make(page) for make in BLOCKS]


def projects_of(commune: Commune, visible: ProjectQuerySet, user: User) -> Latest:
    """The latest projects that concern the commune, its own before those of the whole EPCI; they are all counted."""
    everywhere = Q(scale=Project.Scale.ALL)
    sums = sums_seen(user, commune.intercommunality, (Kind.COMMUNE, Kind.EVERYWHERE), Group)
    counts = [sums.of(Kind.COMMUNE, commune.pk).projects, sums.of(Kind.EVERYWHERE).projects]
    naming = Project.communes.through.objects.filter(commune=commune)
    own = latest_of(visible, SHOWN, naming, where=~everywhere, known=counts[0])
    shared = latest_of(visible, SHOWN - len(own.keys), where=everywhere, known=counts[1])
    return Latest([*own.keys, *shared.keys][:SHOWN], sum(counts))


def in_order(page: Commons) -> list[Project]:
    """The projects shown, as they are shown."""
    rank = {pk: position for position, pk in enumerate(page.latest.keys)}
    shown = Project.objects.filter(pk__in=rank).annotate(span=Count("communes"))
    told = shown.only("reference", "title", "status", "scale", "updated_at")
    return sorted(told.prefetch_related("orientation_fits__orientation"), key=lambda project: rank[project.pk])


def projects_block(page: Commons) -> Block:
    """The latest ones, and how many there are."""
    count = page.latest.count
    return Block(
        key="projets",
        title=f"Ses projets{NBSP}: {number(count)}" if count else "Ses projets",
        headers=("Projet", "État", "Orientations du mandat", "Périmètre"),
        rows=[project_row(project) for project in in_order(page)],
        empty="Aucun projet que vous puissiez lire ne concerne cette commune.",
        note=f"Les {SHOWN} derniers modifiés{NBSP}; la liste des projets les a tous." if count > SHOWN else "",
        url=f"{reverse('projects:list')}?commune={page.commune.pk}",
        label="Les chercher dans la liste des projets",
    )


def project_row(project: Project) -> list[Cell]:
    orientations = f"{NBSP}; ".join(str(fit.orientation) for fit in project.orientation_fits.all())
    return [
        Cell(f"{project.reference} {project.title or 'Sans titre'}".strip(), project.get_absolute_url()),
        Cell(project.get_status_display(), status=project.status),
        Cell(orientations or "à préciser"),
        Cell(span_of(project)),
    ]


def span_of(project: Project) -> str:
    """Over how many communes the project extends."""
    if project.scale == Project.Scale.ALL:
        return "toutes les communes"
    return "cette commune" if project.span == 1 else f"{project.span} communes"


def charges_block(page: Commons) -> Block:
    """What the commune bears of the projects whose key between communes is written."""
    keyed = ChargeKey.objects.filter(intercommunality=page.commune.intercommunality)
    own = latest_of(page.visible, SHOWN, keyed, page.naming)
    shared = latest_of(page.visible, SHOWN, keyed, where=Q(scale=Project.Scale.ALL))
    found = Project.objects.filter(pk__in=[*own.keys, *shared.keys]).order_by("-updated_at", "-pk")
    charges = charges_in(found, page.commune)
    is_cut = max(own.count, shared.count) > SHOWN
    rows = [
        [
            Cell(
                f"{project.reference} {project.title or 'Sans titre'}".strip(),
                reverse("projects:money", args=[project.pk]),
            ),
            Cell(f"{percent(borne.percent, 2)}, {charge.key.get_method_display()}"),
            Cell(f"{charge.own.bound} {euros(borne.amount)} {charge.basis}".strip()),
            Cell("à préciser" if borne.each is None else f"{charge.own.bound} {euros(borne.each)}".strip()),
        ]
        for project, charge, borne in charges
    ]
    years = sorted({str(charge.year) for _, charge, _ in charges if charge.year})
    totals: dict[str, Decimal] = defaultdict(Decimal)
    for _, charge, borne in charges:
        totals[charge.basis] += borne.amount
    source = f" Population municipale, source Insee, en vigueur au 1er janvier {' et '.join(years)}." if years else ""
    is_sure = not any(charge.own.doubt for _, charge, _ in charges)
    return Block(
        key="charge",
        title="Ce qu’elle porte des projets",
        headers=("Projet", "Sa part", "Montant", "Par habitant"),
        rows=rows,
        empty="Aucun des projets que vous lisez n’est réparti entre les communes.",
        note=charges_note(totals, source, is_cut=is_cut, is_sure=is_sure) if rows else "",
    )


def charges_note(totals: Mapping[str, Decimal], source: str, *, is_cut: bool, is_sure: bool = True) -> str:
    """What the table adds up to, without tax and with it; the sum of a part of it would pass for the whole."""
    if is_cut:
        return f"Toutes les aides comptées{NBSP}; les derniers projets modifiés seulement, sans total.{source}"
    doubt = "" if is_sure else ", sous réserve des plans de financement qui ne sont pas encore équilibrés"
    said = " et ".join(f"{euros(total)} {basis}" for basis, total in sorted(totals.items()))
    return f"Toutes les aides comptées, {said} en tout{doubt}.{source}"


def partners_block(page: Commons) -> Block:
    """Those who take part in the projects shown; a partner belongs to no commune, it works with them."""
    actors = (
        Actor.objects.filter(project__in=page.latest.keys, partner__isnull=False)
        .select_related("partner")
        .annotate(reference=F("project__reference"))
        .order_by(Alphabetical("partner__name"), "reference")
    )
    shared = defaultdict(list)
    for actor in actors:
        shared[actor.partner].append(actor.reference)
    opens = scope_of(page.user).may("view_directory", page.commune.intercommunality_id)
    return Block(
        key="partenaires",
        title=f"Ses partenaires{NBSP}: {len(shared)}" if shared else "Ses partenaires",
        headers=("Partenaire", "Rôle habituel", "Projets en commun"),
        rows=[
            [
                Cell(partner.name, reverse("partners:partner", args=[partner.pk]) if opens else ""),
                Cell(partner.role or "à préciser"),
                Cell(", ".join(dict.fromkeys(found))),
            ]
            for partner, found in shared.items()
        ],
        empty="Aucun partenaire de l’annuaire ne prend encore part à ces projets.",
        note=f"Ceux des {SHOWN} projets nommés ci-dessus." if page.latest.count > SHOWN else "",
    )


def seats_block(page: Commons) -> Block:
    """Its elected members and where they sit, which is public (CGCT, art. L. 5211-6); empty seats are told too."""
    today = timezone.localdate()
    held = Prefetch("seats", queryset=Seat.objects.in_force(today).select_related("body"))
    members = ElectedMember.objects.filter(commune=page.commune).prefetch_related(held)
    vacant = Seat.objects.in_force(today).filter(commune=page.commune, member=None).select_related("body")
    rows = [
        [
            Cell(member.full_name),
            Cell(member.municipal_office or "à préciser"),
            Cell(f"{NBSP}; ".join(seat_words(seat) for seat in member.seats.all()) or "ne siège dans aucune instance"),
        ]
        for member in members
    ]
    rows += [[Cell("Siège à pourvoir"), Cell("—"), Cell(seat_words(seat))] for seat in vacant]
    return Block(
        key="elus",
        title="Ses élu·es et leurs sièges",
        headers=("Élu·e", "Mandat communal", "Instances"),
        rows=rows,
        empty="Aucun·e élu·e de cette commune n’est encore inscrit·e.",
        url=reverse("partners:bodies"),
        label="Toutes les instances",
    )


def seat_words(seat: Seat) -> str:
    detail = seat.function or ("préside" if seat.is_chair else "")
    return f"{seat.body} ({detail})" if detail else str(seat.body)


def opt_in_block(page: Commons) -> Block:
    """The competences that only some communes have transferred, this one among them (CGCT, art. L. 5211-17-2)."""
    found = Competence.objects.in_force(timezone.localdate()).filter(
        intercommunality=page.commune.intercommunality, category=Competence.Category.OPT_IN, communes=page.commune
    )
    return Block(
        key="competences",
        title="Ses compétences à la carte",
        headers=("Compétence", "Exercée depuis le"),
        rows=[
            [Cell(one.label, one.get_absolute_url()), Cell(date_fr(one.since) if one.since else "à préciser")]
            for one in found
        ],
        empty="La commune n’a transféré aucune compétence à la carte.",
    )


def positions_block(page: Commons) -> Block:
    """What its council answered, or has still to answer; deliberations are public, those under way are followed."""
    today = timezone.localdate()
    answers = Answer.objects.filter(commune=page.commune, notified_on__isnull=False).select_related("consultation")
    return Block(
        key="positions",
        title="Ses positions aux consultations",
        headers=("Consultation", "Position", "Délibération", "Échéance"),
        rows=[
            [
                Cell(answer.consultation.title, answer.consultation.get_absolute_url()),
                Cell(word_of(answer.position_on(today), answer.consultation.procedure).capitalize()),
                Cell(date_fr(answer.deliberated_on) if answer.deliberated_on else "—"),
                Cell(date_fr(answer.due_on)),
            ]
            for answer in answers.order_by("-notified_on", "-pk")
        ]
        if page.user.has_perm("territories.view_consultations", page.commune.intercommunality)
        else [],
        empty="Aucune consultation de son conseil que vous puissiez lire.",
    )


def shares_block(page: Commons) -> Block:
    """What it bears in each shared service, to the cent, in the latest year known, and what the pact leaves it."""
    epci = page.commune.intercommunality
    rows: list[list[Cell]] = []
    if page.user.has_perm("territories.view_levers", epci):
        rows = [*service_rows(page.commune), *pact_rows(page.commune)]
    return Block(
        key="parts",
        title="Ses parts et ses montants",
        headers=("Service ou flux", "Année", "Montant"),
        rows=rows,
        empty="Aucune part ni aucun montant que vous puissiez lire.",
        note="Un montant négatif est versé par la commune." if rows else "",
    )


def service_rows(commune: Commune) -> list[list[Cell]]:
    latest = ServiceYear.objects.filter(intercommunality=commune.intercommunality).aggregate(year=Max("year"))["year"]
    if latest is None:
        return []
    return [
        [
            Cell(str(sharing.service_year.service), sharing.service_year.service.get_absolute_url()),
            Cell(str(latest)),
            Cell(euros(-sharing.shares[commune.pk])),
        ]
        for sharing in sharings_of(commune.intercommunality, latest).values()
        if commune.pk in sharing.shares
    ]


def pact_rows(commune: Commune) -> list[list[Cell]]:
    """Each flow of the pact, services aside, which are told one by one above."""
    pact_year = PactYear.objects.filter(intercommunality=commune.intercommunality).order_by("-year").first()
    if pact_year is None:
        return []
    grant = grant_in_force(pact_year)
    flows = flows_of_the_pact(pact_year, shared(grant) if grant else None)
    address = f"{reverse('territories:pact')}?annee={pact_year.year}"
    return [
        [Cell(heading, address), Cell(str(pact_year.year)), Cell(euros(flows[code][commune.pk]))]
        for code, heading, _ in FLOWS
        if commune.pk in flows[code]
    ]


BLOCKS = (projects_block, charges_block, partners_block, seats_block, opt_in_block, positions_block, shares_block)


# Who the commune is


def identity_of(commune: Commune, populations: list[Population]) -> list[dict[str, Any]]:
    """The facts of a commune; every year known has its populations."""
    facts = [
        {"label": "Code INSEE", "value": commune.insee_code},
        {"label": "SIREN", "value": commune.siren},
        {"label": "Code postal", "value": commune.postcode},
    ]
    if commune.description:
        facts.append({"label": "Caractère", "value": commune.description})
    own = [population for population in populations if population.commune_id == commune.pk]
    facts += [
        {"label": f"Population en vigueur en {one.year_in_force}", "value": population_words(one)}
        for one in reversed(own)
    ] or [{"label": "Population", "value": "inconnue"}]
    if share := share_words(own, populations):
        facts.append({"label": "Part dans l’intercommunalité", "value": share})
    facts.append({"label": "Sièges au conseil", "value": seats_words(commune)})
    return facts


def population_words(population: Population) -> str:
    return (
        f"{counted(population.municipal, 'habitant')}, "
        f"{counted(population.counted_apart, 'compté à part', 'comptés à part')}, "
        f"{number(population.total)} au total"
    )


def share_words(own: list[Population], everyone: list[Population]) -> str:
    """Its part of the total population of the EPCI in the latest year, when every commune of that year is known."""
    if not own:
        return ""
    year = own[-1].year_in_force
    total = total_of(one.total for one in everyone if one.year_in_force == year)
    if not total:
        return ""
    return f"{percent(Decimal(100 * own[-1].total) / total, 1)} de la population totale"


def seats_words(commune: Commune) -> str:
    return "" if commune.council_seats is None else number(commune.council_seats)


def locate(commune: Commune) -> tuple[Map | None, str]:
    """The commune among the others, and what to know about its outline."""
    outlines = {pk: (outline, vintage) for pk, outline, vintage in outlines_of(commune.intercommunality)}
    if commune.pk not in outlines:
        return None, "Aucun contour n’est enregistré pour cette commune."
    others = commune.intercommunality.communes.all()
    vintage = outlines[commune.pk][1]
    drawn = draw_map(
        [Place(c.name, outlines[c.pk][0], c.pk == commune.pk) for c in others if c.pk in outlines],
        title=f"Situation {with_de(commune.name, commune.tncc)} parmi les communes de l’intercommunalité.",
        labels=0,  # the page already says its name
    )
    newest = max((year for _, year in outlines.values() if year), default=None)
    if vintage and newest and vintage < newest:
        return drawn, (
            f"Contour de {vintage}, plus ancien que ceux des autres communes{NBSP}: "
            "il peut être antérieur à une fusion."
        )
    return drawn, f"Contour de {vintage}." if vintage else ""


def page_of(commune: Commune, request: HttpRequest) -> dict[str, Any]:
    """Everything the page shows, in a number of queries that does not grow with the projects."""
    situation, note = locate(commune)
    return {
        "commune": commune,
        "facts": identity_of(commune, populations_of(commune.intercommunality)),
        "map": situation,
        "map_note": note,
        "blocks": blocks_of(commune, request),
    }
