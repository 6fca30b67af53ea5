"""What the home page tells each person: what waits for them, what moved, what is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse
from django.utils import timezone

from cooperation.addresses import address_of
from cooperation.french import counted, date_fr, quoted, uncapitalized
from cooperation.paging import first_of
from partners.directory.models import Partner
from partners.governance.models import Seat
from partners.people.access import scope_of
from partners.people.models import Membership, User
from projects.ballots.models import Attendance
from projects.convocation.reads import handing_told, late_lists
from projects.deliberation.models import Session
from projects.followup.reads import of_person, remaining_in, row_of
from projects.notices.reads import refused_for
from projects.opinions.access import awaited_from
from projects.opinions.reads import line_of
from projects.proposals.actor_models import Actor, Endorsement, Interest
from projects.proposals.models import Move, ObjectiveVersion, Project
from projects.proposals.querysets import ProjectQuerySet
from projects.proposals.states import AWAITING_REVIEW, OVER, Status, agreeing
from territories.consultations.models import Answer, Consultation
from territories.consultations.presentation import sentence_of, situation_on
from territories.places.models import Intercommunality

SHOWN = 6
ENDING_WITHIN = timedelta(days=60)
LONG_WAIT = timedelta(days=30)
# A session called off is told so that nobody comes; further off, it is no longer expected.
CALLED_OFF = timedelta(days=7)


@dataclass(frozen=True)
class Item:
    """One line: what it is, where it opens, what there is to know, and what is left to do about it."""

    title: str
    url: str = ""
    text: str = ""
    status: str = ""
    status_label: str = ""
    left: str = ""
    left_url: str = ""


@dataclass(frozen=True)
class Section:
    """Some lines under a title; an empty one says so in words."""

    title: str
    items: list[Item] = field(default_factory=list)
    empty: str = "Rien ne vous attend ici."
    url: str = ""
    label: str = ""
    is_call: bool = False  # somebody waits for an act of this person


def item_of(project: Project, text: str = "") -> Item:
    return Item(
        title=project.title or "Sans titre",
        url=project.get_absolute_url(),
        text=text or project.reference,
        status=project.status,
        status_label=project.get_status_display(),
    )


def first_ones(projects: ProjectQuerySet, states: Iterable[Status], by: str) -> list[Project]:
    """The first ones in an order, read state by state, as the index has them: a few rows, however many there are."""
    found = [one for state in states for one in projects.filter(status=state).order_by(by, "pk")[:SHOWN]]
    return sorted(found, key=lambda one: (getattr(one, by), one.pk))[:SHOWN]


@dataclass(frozen=True)
class Waiting:
    """The home of a person: what waits for them, what is good to know, and where nothing waits, in one line each."""

    calls: list[Section]
    news: list[Section]
    quiet: list[Section]


def waiting_for(user: User, epci: Intercommunality, today: date) -> Waiting:
    """What waits comes first, in the order of `sections_for`; a part without anything never stands before it."""
    sections = sections_for(user, epci, today)
    return Waiting(
        calls=[one for one in sections if one.items and one.is_call],
        news=[one for one in sections if one.items and not one.is_call],
        quiet=[one for one in sections if not one.items],
    )


def sections_for(user: User, epci: Intercommunality, today: date) -> list[Section]:
    """What there is for this person in this EPCI, by what they may do there: acts first, the most personal before."""
    scope = scope_of(user)
    # fmt: off
    told = (
        (scope.may("view_sessions", epci.pk),          lambda: sessions_open(user, epci)),
        (scope.may("submit_projects", epci.pk),        lambda: own_drafts(user, epci)),
        (bool(scope.partners or scope.communes),       lambda: objectives_to_endorse(user, epci)),
        (bool(scope.partners),                         lambda: interests_to_say(user, epci)),
        (bool(scope.communes) and scope.may("view_consultations", epci.pk),
                                                       lambda: communes_consulted(user, epci, today)),
        (True,                                         lambda: opinions_to_give(user, epci, today)),
        (True,                                         lambda: actions_in_hand(user, epci, today)),
        (scope.may("review_projects", epci.pk),        lambda: to_review(user, epci)),
        (scope.may("manage_consultations", epci.pk),   lambda: consultations_to_hold(epci, today)),
        (scope.may("view_sessions", epci.pk),          lambda: next_sessions(user, epci, today)),
        (scope.may("plan_sessions", epci.pk),          lambda: lists_owed(epci, today)),
        (scope.may("manage_people", epci.pk) or scope.may("review_projects", epci.pk),
                                                       lambda: mails_refused(user, epci)),
        (scope.may("manage_people", epci.pk),          lambda: ending_memberships(epci, today)),
        (bool(scope.partners),                         lambda: own_structures(user, epci)),
    )
    # fmt: on
    return [section for is_theirs, read in told if is_theirs and (section := read())]


def own_drafts(user: User, epci: Intercommunality) -> Section:
    """The texts still in one's hands, those that came back first, with what was asked."""
    asked = Move.objects.filter(project=OuterRef("pk"), target=Status.TO_COMPLETE).order_by("-pk").values("reason")[:1]
    to_write = to_complete = Q(author=user)
    if scope_of(user).may("review_projects", epci.pk):
        to_complete |= Q(pk__in=Project.objects.of(epci).left_to_complete().values("pk"))
    theirs = Project.objects.of(epci).annotate(asked=Subquery(asked)).order_by("-updated_at")
    # Read state by state, as the index has them: asked together, all the projects of the EPCI are sorted.
    in_hand = (
        theirs.filter(written, status=state)[:SHOWN]
        for state, written in ((Status.TO_COMPLETE, to_complete), (Status.DRAFT, to_write))
    )
    mine = [project for some in in_hand for project in some][:SHOWN]
    return Section(
        title="Mes propositions à terminer",
        is_call=True,
        items=[item_of(project, said_of_text(project, project.asked)) for project in mine],
        empty="Aucun brouillon ni demande de complément.",
    )


def said_of_text(project: Project, asked: str | None) -> str:
    """What there is to know of a text in one's hands, beside its state."""
    if asked:
        return f"À compléter : {asked}"
    return "Vu de vous seul·e" if project.status == Status.DRAFT else ""


def objectives_to_endorse(user: User, epci: Intercommunality) -> Section:
    """Actors for whom the person speaks and who have not said whether they share the objective as it stands."""
    scope = scope_of(user)
    given = Endorsement.objects.filter(actor=OuterRef("pk"), objective_version=OuterRef("project__objective_version"))
    wording = ObjectiveVersion.objects.filter(
        project=OuterRef("project"), number=OuterRef("project__objective_version")
    )
    seen = Project.objects.visibility(user, of="project__", each=True, within=epci)
    theirs = Q(partner__in=scope.partners) | Q(commune__in=scope.communes)
    # Chosen by their numbers, the newest projects first: the index of the actors of an organisation has them in this
    # order, and a few are read, without the long texts of their projects.
    silent_ones = Actor.objects.filter(theirs, seen, ~Exists(given), intercommunality=epci)
    chosen = silent_ones.exclude(project__status__in=OVER).order_by("-project_id", "-pk")
    silent = (
        Actor.objects.filter(pk__in=list(chosen.values_list("pk", flat=True)[:SHOWN]))
        .annotate(changed=Subquery(wording.values("reason")[:1]))
        .select_related("project")
        .order_by("-project__updated_at", "pk")
    )
    items = [
        item_of(
            actor.project,
            f"L’objectif a changé (« {actor.changed} ») : à dire de nouveau au nom de {quoted(actor.name)}."
            if actor.changed
            else f"Partagez-vous cet objectif ? À dire au nom de {quoted(actor.name)}.",
        )
        for actor in silent
    ]
    return Section(
        title="Des objectifs attendent votre réponse" if items else "Les objectifs à partager",
        is_call=True,
        items=items,
        empty="Vos structures ont répondu pour tous leurs projets.",
    )


def interests_to_say(user: User, epci: Intercommunality) -> Section | None:
    """Projects under way of which a structure has not said what interests it there; nothing is told otherwise."""
    seen = Project.objects.visibility(user, of="project__", each=True, within=epci)
    stated = Interest.objects.filter(actor=OuterRef("pk"))
    theirs = Actor.objects.filter(seen, ~Exists(stated), partner__in=scope_of(user).partners, intercommunality=epci)
    # Chosen by their numbers, as above, in the one query that reads them.
    chosen = theirs.exclude(project__status__in=OVER).order_by("-project_id", "-pk").values("pk")[:SHOWN]
    silent = Actor.objects.filter(pk__in=chosen).select_related("project").order_by("-project_id", "-pk")
    items = [
        Item(
            title=actor.project.title or "Sans titre",
            url=reverse("projects:interest_state", args=[actor.project_id, actor.pk]),
            text=f"Dites ce qui vous intéresse dans ce projet, au nom de {quoted(actor.name)}.",
            status=actor.project.status,
            status_label=actor.project.get_status_display(),
        )
        for actor in silent
    ]
    return Section(title="Ce qui vous intéresse reste à dire", is_call=True, items=items) if items else None


def opinions_to_give(user: User, epci: Intercommunality, today: date) -> Section | None:
    """The opinions that the person may give; nothing is said to those who are asked for none."""
    waiting = [line_of(one, today) for one in first_of(awaited_from(user, epci, today), SHOWN)]
    if not waiting:
        return None
    return Section(
        title="Des avis attendent votre réponse",
        is_call=True,
        items=[
            Item(
                title=line.request.project.title or "Sans titre",
                url=line.request.get_absolute_url(),
                text=f"{line.request.who} : {uncapitalized(line.when)}",
                status=line.badge,
                status_label=line.label,
            )
            for line in waiting
        ],
        url=address_of("projects:opinions_mine"),
        label="Mes avis à rendre",
    )


def actions_in_hand(user: User, epci: Intercommunality, today: date) -> Section | None:
    """What was decided and of which the person is in charge, the oldest deadline first."""
    mine = first_of(of_person(remaining_in(epci, user), user), SHOWN)
    rows = [row_of(one, today, closes=False) for one in mine]
    if not rows:
        return None
    return Section(
        title="Ce que vous avez à faire",
        is_call=True,
        items=[
            Item(
                title=row.action.text,
                url=row.action.get_absolute_url(),
                text=f"{row.action.project.title}, pour le {date_fr(row.action.due_on)}",
                status=row.badge,
                status_label=row.label,
            )
            for row in rows
        ],
        url=f"{address_of('projects:remaining')}?quoi=moi",
        label="Tout ce dont je suis chargé·e",
    )


def communes_consulted(user: User, epci: Intercommunality, today: date) -> Section:
    """The councils of the person's communes whose answer is awaited, the nearest deadline first."""
    awaited = (
        Answer.objects.filter(intercommunality=epci, commune__in=scope_of(user).communes, position="")
        .filter(due_on__gte=today, notified_on__lte=today)
        .filter(consultation__closed_on__isnull=True, consultation__abandoned_on__isnull=True)
        .select_related("consultation", "commune")
        .order_by("due_on", "pk")[:SHOWN]
    )
    return Section(
        title="Votre conseil municipal est consulté" if awaited else "Les consultations de votre conseil",
        is_call=True,
        items=[
            Item(
                title=answer.consultation.title,
                url=answer.consultation.get_absolute_url(),
                text=f"{answer.commune} répond jusqu’au {date_fr(answer.due_on)} ; "
                f"passé ce jour, {answer.consultation.procedure.silence_told}.",
            )
            for answer in awaited
        ],
        empty="Aucune consultation n’attend votre commune.",
    )


def consultations_to_hold(epci: Intercommunality, today: date) -> Section:
    """The consultations under way, with their next deadline or the act that is due."""
    held = Consultation.objects.of(epci).under_way().with_answers()[:SHOWN]
    return Section(
        title="Consultations des communes",
        items=[
            Item(
                title=consultation.title,
                url=consultation.get_absolute_url(),
                text=sentence_of(consultation, situation),
                status=situation.badge,
                status_label=situation.badge_label,
            )
            for consultation in held
            if (situation := situation_on(consultation, today))
        ],
        empty="Aucune consultation n’est en cours.",
        url=address_of("territories:consultations"),
        label="Toutes les consultations",
    )


def to_review(user: User, epci: Intercommunality) -> Section:
    """How many proposals wait, and the oldest ones by name."""
    waiting = Project.objects.visible_in(epci, user).filter(status__in=AWAITING_REVIEW)
    counts = {row["status"]: row["number"] for row in waiting.order_by().values("status").annotate(number=Count("pk"))}
    said = ", ".join(
        f"{counts[status]} {agreeing(Status(status).label.lower(), counts[status])}"
        for status in AWAITING_REVIEW
        if status in counts
    )
    oldest = first_ones(waiting, AWAITING_REVIEW, "submitted_at")
    return Section(
        title=f"À instruire : {said}" if said else "À instruire",
        is_call=True,
        items=[item_of(project, f"Déposé le {date_fr(project.submitted_at)}") for project in oldest],
        empty="Aucun projet n’attend la coordination.",
        url=address_of("projects:review_queue"),
        label="Ouvrir la file",
    )


def sessions_open(user: User, epci: Intercommunality) -> Section | None:
    """Where the person sits and is awaited now: the members were called by name, and vote on their own screen."""
    theirs = Seat.objects.in_force(OuterRef("held_on")).filter(
        Q(member__user=user) | Q(substitute__user=user), body=OuterRef("body")
    )
    called = Attendance.objects.filter(session=OuterRef("pk"))
    found = Session.objects.filter(Exists(theirs), Exists(called), intercommunality=epci, state=Session.State.OPEN)
    items = [
        Item(
            title=f"{session.body}, {date_fr(session.held_on)}",
            url=reverse("projects:tablet", args=[session.pk]),
            text="Vous y siégez : suivez les points et votez.",
        )
        for session in found.select_related("body").order_by("held_on", "pk")[:SHOWN]
    ]
    if not items:
        return None
    title = "Des séances sont ouvertes" if len(items) > 1 else "La séance est ouverte"
    return Section(title=title, is_call=True, items=items)


def next_sessions(user: User, epci: Intercommunality, today: date) -> Section:
    """The sessions to come, with what is on their agenda; those where the person sits are told apart.

    One called off is told so while its day is near. Whoever holds them reads under each how many convocations wait
    to be handed over.
    """
    coming = Session.objects.filter(intercommunality=epci, held_on__gte=today).exclude(state=Session.State.CLOSED)
    coming = coming.exclude(state=Session.State.CANCELLED, held_on__gt=today + CALLED_OFF)
    # Chosen by their numbers: what is on an agenda is counted for those that are shown.
    chosen = list(coming.order_by("held_on", "pk").values_list("pk", flat=True)[:SHOWN])
    shown = (
        Session.objects.filter(pk__in=chosen)
        .select_related("body")
        .annotate(
            points=Count("items", distinct=True),
            seat=Min("body__seats__pk", filter=Q(body__seats__member__user=user)),
        )
        .order_by("held_on", "pk")
    )
    to_hand = handing_told(list(shown), today) if scope_of(user).may("plan_sessions", epci.pk) else {}
    return Section(
        title="Prochaines séances",
        is_call=bool(to_hand),
        items=[session_item(session, to_hand.get(session.pk, "")) for session in shown],
        empty="Aucune séance n’est prévue.",
        url=address_of("projects:sessions"),
        label="Toutes les séances",
    )


def session_item(session: Session, to_hand: str) -> Item:
    about = {
        "title": f"{session.body}, {date_fr(session.held_on)}",
        "url": reverse("projects:session", args=[session.pk]),
        "left": to_hand,
        "left_url": reverse("projects:convocation", args=[session.pk]),
    }
    if session.state == Session.State.CANCELLED:
        told = f"Elle ne se tiendra pas : {session.cancelled_because}"
        return Item(**about, text=told, status="abandoned", status_label=session.get_state_display())
    points = "ordre du jour vide" if not session.points else counted(session.points, "projet")
    is_convened = session.state == Session.State.CONVENED
    sits = ("vous y êtes convoqué·e" if is_convened else "vous y siégez") if session.seat else ""
    return Item(**about, text=", ".join(part for part in (points, sits) if part))


def lists_owed(epci: Intercommunality, today: date) -> Section | None:
    """The lists that should have reached the municipal councillors; nothing is said when they have."""
    if not (late := late_lists(epci, today)):
        return None
    return Section(
        title="Les conseillers municipaux attendent un document",
        is_call=True,
        items=[
            Item(
                title=f"{counted(late, 'liste')} de délibérations en retard",
                url=address_of("projects:councillors_informed"),
                text="À leur envoyer dans le mois qui suit la séance (CGCT, art. L. 5211-40-2).",
            )
        ],
    )


def own_structures(user: User, epci: Intercommunality) -> Section:
    """The structures for which the person is a relay: what the directory says of them, and of the person."""
    own = Partner.objects.filter(intercommunality=epci, pk__in=scope_of(user).partners)
    return Section(
        title="Votre structure",
        items=[
            Item(title=partner.name, url=partner.get_absolute_url(), text="Sa fiche et vos coordonnées.")
            for partner in own
        ],
        empty="Aucune structure ne vous est rattachée.",
    )


def mails_refused(user: User, epci: Intercommunality) -> Section | None:
    """Whose mails do not leave any more; nothing is told while all of them do."""
    address = reverse("projects:notice_paces")
    items = [Item(title=one.name, url=address, text=one.sentence) for one in refused_for(user, epci)[:SHOWN]]
    return Section(title="Des courriels ne partent pas", is_call=True, items=items) if items else None


def ending_memberships(epci: Intercommunality, today: date) -> Section:
    ending = (
        Membership.objects.filter(intercommunality=epci, ends_on__range=(today, today + ENDING_WITHIN))
        .select_related("user", "commune", "partner", "intercommunality")
        .order_by("ends_on", "pk")[:SHOWN]
    )
    return Section(
        title="Rôles qui se terminent bientôt",
        items=[Item(title=str(held), text=f"Jusqu’au {date_fr(held.ends_on)}") for held in ending],
        empty="Aucun rôle ne se termine dans les soixante jours.",
        url=address_of("partners:people"),
        label="Les personnes et leurs rôles",
    )


def latest_moves(user: User, epci: Intercommunality) -> list[Move]:
    """What moved lately among the projects the person sees.

    Whoever sees nearly all of them finds their moves among the very last ones; for whoever sees few, it is quicker to
    start from the projects.
    """
    moves: QuerySet[Move] = Move.objects.filter(intercommunality=epci).select_related("project")
    if scope_of(user).sees_all(epci.pk):
        moves = moves.filter(Project.objects.visibility(user, of="project__", within=epci))
    else:
        moves = moves.filter(project__in=Project.objects.visible_in(epci, user))
    return list(moves.order_by("-pk")[:SHOWN])


def late_projects(user: User, epci: Intercommunality, today: date) -> list[Item]:
    """Projects past their planned end, and proposals left without an answer."""
    visible = Project.objects.visible_in(epci, user)
    overdue = first_ones(visible.filter(ends_on__lt=today), (Status.ADOPTED, Status.IN_PROGRESS), "ends_on")
    long_ago = timezone.make_aware(datetime.combine(today - LONG_WAIT, time.min))
    unanswered = first_ones(visible.filter(submitted_at__lt=long_ago), (Status.SUBMITTED,), "submitted_at")
    late = [*overdue, *unanswered][:SHOWN]
    return [
        item_of(
            project,
            f"Fin prévue le {date_fr(project.ends_on)}"
            if project.status != Status.SUBMITTED
            else f"Sans réponse depuis le {date_fr(project.submitted_at)}",
        )
        for project in late
    ]
