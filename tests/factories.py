"""Plain functions that make what a test needs: state what matters, the rest is filled in."""

from __future__ import annotations

import string
from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from django.core.files.base import ContentFile
from django.utils import timezone

from cooperation.letters import NEVER
from cooperation.workdays import add_working_days
from partners.directory.models import Partner, Relay
from partners.people.invitation_services import digest_of
from partners.people.invitations import Invitation
from partners.people.models import Role, User
from partners.people.services import open_membership
from projects.diagnosis.dimensions import Dimension
from projects.models import (
    Action,
    Actor,
    Assessment,
    Contribution,
    Document,
    DocumentVersion,
    Envelope,
    HealthNote,
    Indicator,
    Letter,
    Mailing,
    Mandate,
    Measurement,
    Meeting,
    Milestone,
    Notice,
    Opinion,
    OpinionRequest,
    Orientation,
    OrientationFit,
    Project,
    Score,
    Status,
    Survey,
    Verbatim,
)
from territories.models import (
    Commune,
    Competence,
    EquipmentFund,
    GrantCriterion,
    GrantValue,
    Intercommunality,
    Outline,
    PactYear,
    Population,
    SharedService,
    SolidarityGrant,
)

START = date(2026, 4, 9)
SIRENS = ("249600016", "200000172", "200000438")
_numbers = count(1)


def make_epci(index=0, **fields):
    return Intercommunality.objects.create(
        siren=SIRENS[index], kind="CC", **{"name": f"Communauté de communes n° {index + 1}", **fields}
    )


def three_signs(number):
    """One code after another in the order of their numbers, as long as a process makes fewer than 46,656 of them."""
    signs = string.digits + string.ascii_uppercase
    return "".join(signs[number // 36**place % 36] for place in (2, 1, 0))


def make_commune(epci, name="Bréauval", **fields):
    code = three_signs(next(_numbers))
    return Commune.objects.create(
        intercommunality=epci, name=name, insee_code=f"35{code}", department_code="35", **fields
    )


def make_population(commune, municipal, counted_apart=0, year=2026):
    return Population.objects.create(
        commune=commune, year_in_force=year, municipal=municipal, counted_apart=counted_apart
    )


def make_outline(commune, west=2.0, south=47.0, side=0.1, vintage=2026):
    """A square on the ground, by its lower left corner in degrees."""
    ring = [[west, south], [west + side, south], [west + side, south + side], [west, south + side], [west, south]]
    return Outline.objects.create(commune=commune, geometry={"type": "Polygon", "coordinates": [ring]}, vintage=vintage)


def make_user(name="Maud Jallet", **fields):
    return User.objects.create_user(f"personne{next(_numbers)}@ccvo.example", full_name=name, **fields)


def make_member(epci, role, name="Maud Jallet", **fields):
    """A person with a role in the EPCI."""
    user = make_user(name)
    open_membership(user=user, intercommunality=epci, role=role, starts_on=START, **fields)
    return user


def make_agent(epci, name="Maud Jallet", **fields):
    return make_member(epci, Role.AGENT, name, **fields)


def make_coordinator(epci, name="Paul-Arnaud Lessieur"):
    return make_member(epci, Role.COORDINATOR, name)


def make_partner(epci, name="CAF du Val-de-Lierre"):
    return Partner.objects.create(intercommunality=epci, name=name)


def make_relay(partner, full_name="Sophie Aumont", **fields):
    return Relay.objects.create(
        intercommunality=partner.intercommunality, partner=partner, full_name=full_name, **fields
    )


def make_invitation(partner, *, token, email="sophie@caf.example", **fields):
    """An invitation whose link ends with the token."""
    now = timezone.now()
    said = {"created_at": now, "expires_at": now + timedelta(days=7), "relay": None} | fields
    said["relay"] = said["relay"] or make_relay(partner, email=email)
    return Invitation.objects.create(
        intercommunality=partner.intercommunality, partner=partner, email=email, token_digest=digest_of(token), **said
    )


def make_competence(epci, label="Relais petite enfance", category="additional"):
    return Competence.objects.create(intercommunality=epci, label=label, category=category)


def make_orientation(epci):
    mandate, _ = Mandate.objects.get_or_create(
        intercommunality=epci, name="2026-2032", defaults={"starts_on": START, "ends_on": date(2032, 3, 31)}
    )
    code = f"O{mandate.orientations.count() + 1}"
    return Orientation.objects.create(intercommunality=epci, mandate=mandate, code=code, title="Des services proches")


def make_project(epci, *, author=None, status=Status.DRAFT, complete=True, oriented=False, actors=2, **fields):
    """A project with all it needs to be submitted; `complete=False` gives an empty draft."""
    said = {
        "title": "Relais itinérant",
        "need": "Le relais est trop loin.",
        "shared_objective": "Un relais à moins de 15 minutes.",
        "service": "Relais petite enfance",
        "beneficiaries": "Familles",
        "scale": Project.Scale.ALL,
        "no_competence_reason": "À étudier.",
    }
    project = Project.objects.create(
        intercommunality=epci,
        reference=f"P{next(_numbers):05d}",
        author=author,
        status=status,
        submitted_at=None if status == Status.DRAFT else timezone.now(),
        **({**said, **fields} if complete else fields),
    )
    if complete:
        for number in range(actors):
            make_actor(project, f"Acteur {number + 1}", leads=number == 0)
    if oriented:
        OrientationFit.objects.create(intercommunality=epci, project=project, orientation=make_orientation(epci))
    return project


def make_actor(project, name, *, relay_to_be_found=True, **fields):
    return Actor.objects.create(
        intercommunality=project.intercommunality,
        project=project,
        name=name,
        relay_to_be_found=relay_to_be_found,
        position=project.actors.count() + 1,
        **fields,
    )


def make_assessment(epci, group="Comité du lac", on=START, projects=(), scores=2, **evidence):
    """What a group says of itself: the same score everywhere, or ten of them; a sentence of proof by dimension."""
    made = Assessment.objects.create(intercommunality=epci, group=group, assessed_on=on)
    made.projects.set(projects)
    values = [scores] * len(Dimension) if isinstance(scores, int) else scores
    for dimension, value in zip(Dimension.values, values, strict=True):
        said = {"dimension": dimension, "value": value, "evidence": evidence.get(dimension, "")}
        Score.objects.create(intercommunality=epci, assessment=made, **said)
    return made


def make_people(commune, total, year=2026, apart=0):
    """The legal populations of a commune: `total` is PTOT, `apart` what it counts beyond PMUN."""
    return Population.objects.create(commune=commune, year_in_force=year, municipal=total - apart, counted_apart=apart)


def make_service(epci, name="Secrétariat volant", participants=(), **fields):
    said = {"legal_form": "common_service", **fields}
    service = SharedService.objects.create(intercommunality=epci, name=name, **said)
    service.participants.set(participants)
    return service


def make_pact_year(epci, year=2026):
    return PactYear.objects.create(intercommunality=epci, year=year)


def make_fund(pact_year, commune=None, **fields):
    """A request for 10 000 € on an equipment of 100 000 €."""
    epci = pact_year.intercommunality
    said = {"equipment": "Salle des fêtes", "amount": Decimal(10_000), "cost": Decimal(100_000), **fields}
    commune = commune or epci.communes.first() or make_commune(epci)
    return EquipmentFund.objects.create(intercommunality=epci, pact_year=pact_year, commune=commune, **said)


def make_grant(pact_year, values=(), weights=(20, 20, 60), total=1000, **fields):
    """A solidarity grant; `values` are (commune, population, income, potential); weights in the order of the kinds."""
    epci = pact_year.intercommunality
    grant = SolidarityGrant.objects.create(intercommunality=epci, pact_year=pact_year, total=Decimal(total), **fields)
    kinds = (("income", 2), ("potential", 3), ("population", 1))
    for position, ((kind, place), weight) in enumerate(zip(kinds, weights, strict=True), 1):
        criterion = GrantCriterion.objects.create(
            intercommunality=epci, grant=grant, kind=kind, label=kind, weight=weight, position=position
        )
        for row in values:
            GrantValue.objects.create(
                intercommunality=epci, criterion=criterion, commune=row[0], value=Decimal(row[place])
            )
    return grant


def make_contribution(project, *, author=None, kind="testimony", text="Le relais est à 25 km.", **fields):
    return Contribution.objects.create(
        intercommunality=project.intercommunality,
        project=project,
        kind=kind,
        text=text,
        author=author,
        author_name=str(author or "Parole anonyme"),
        organisation="Mairie",
        **({"written_at": timezone.now()} | fields),
    )


def make_document(project, title="Étude de besoin", content=b"%PDF-1.7\n%%EOF"):
    """A document with its first version."""
    document = Document.objects.create(intercommunality=project.intercommunality, project=project, title=title)
    DocumentVersion.objects.create(
        intercommunality=project.intercommunality,
        document=document,
        number=1,
        file=ContentFile(content, "x"),
        name="etude.pdf",
        kind="pdf",
        size=len(content),
        content_hash="0" * 64,
        uploaded_by_name="Maud Jallet",
        uploaded_at=timezone.now(),
    )
    return document


def make_envelope(session, name="Ali", **fields):
    """A convocation of one member, on paper unless something else is said."""
    now = timezone.now()
    mailing = Mailing.objects.create(
        intercommunality=session.intercommunality,
        session=session,
        kind="convocation",
        held_on=session.held_on,
        format=session.format,
        made_at=now,
    )
    return Envelope.objects.create(
        intercommunality=session.intercommunality,
        mailing=mailing,
        name=name,
        message_id=f"<{next(_numbers)}@ccvo.example>",
        made_at=now,
        next_try_at=now,
        **({"capacity": "member", "way": "paper"} | fields),
    )


def make_opinion_request(project, *, days=15, asked_on=None, due_on=None, **fields):
    """An opinion asked today of a service, or of the commune, partner or body given."""
    asked = next((name for name in ("commune", "partner", "body") if name in fields), "service")
    said = {"service": "Service urbanisme"} if asked == "service" else {}
    asked_on = asked_on or timezone.localdate()
    return OpinionRequest.objects.create(
        intercommunality=project.intercommunality,
        project=project,
        asked=asked,
        question="Êtes-vous favorable à ce projet ?",
        asked_on=asked_on,
        working_days=days,
        due_on=due_on or add_working_days(asked_on, days),
        project_version=project.version,
        objective_version=project.objective_version,
        version_of=asked_on,
        asked_by_name="Paul-Arnaud Lessieur",
        **(said | fields),
    )


def make_opinion(request, *, by, position="favourable", **fields):
    now = timezone.now()
    return Opinion.objects.create(
        intercommunality=request.intercommunality,
        request=request,
        position=position,
        given_on=timezone.localdate(now),
        recorded_at=now,
        given_by_name=str(by),
        recorded_by=by,
        recorded_by_name=str(by),
        project_version=request.project.version,
        version_of=request.version_of,
        **fields,
    )


def make_health(project, level="watch", *, on=None, **fields):
    said = {"reason": "Le terrain n’est pas acquis.", "unblocking": "Une promesse de vente signée."} | fields
    return HealthNote.objects.create(
        intercommunality=project.intercommunality,
        project=project,
        level=level,
        noted_on=on or timezone.localdate(),
        noted_by_name="Paul-Arnaud Lessieur",
        **said,
    )


def make_meeting(project, *, starts_at=None, **fields):
    """An hour in the town hall, tomorrow afternoon: never one that passes midnight."""
    afternoon = timezone.localtime().replace(hour=14, minute=0, second=0, microsecond=0)
    starts_at = starts_at or afternoon + timedelta(days=1)
    said = {"label": "Comité", "place": "Mairie", "written_by_name": "Paul-Arnaud Lessieur"} | fields
    return Meeting.objects.create(
        intercommunality=project.intercommunality,
        project=project,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        **said,
    )


def make_notice(person, project, kind="spoken", **fields):
    return Notice.objects.create(
        intercommunality=project.intercommunality,
        person=person,
        project=project,
        kind=kind,
        fact=f"made:{next(_numbers)}",
        **(
            {"detail": "La CAF", "address": project.get_absolute_url(), "happened_at": timezone.now()}
            | {"due_at": timezone.now()}
            | fields
        ),
    )


def make_refused_letter(person, epci):
    """A mail that waits for an address which its server refuses for good."""
    message_id, now = f"<{next(_numbers)}@ccvo.example>", timezone.now()
    return Letter.objects.create(
        intercommunality=epci, person=person, message_id=message_id, made_at=now, attempts=1, next_try_at=NEVER
    )


def make_milestone(project, **fields):
    """A stage of ninety days that begins today."""
    today = timezone.localdate()
    said = {"label": "Études", "planned_start": today, "planned_end": today + timedelta(days=90)} | fields
    return Milestone.objects.create(intercommunality=project.intercommunality, project=project, **said)


def make_action(project, *, due_on=None, **fields):
    """Something decided today, for in thirty days."""
    today = timezone.localdate()
    said = {"text": "Signer la convention", "who": "Service juridique", "decided_on": today} | fields
    return Action.objects.create(
        intercommunality=project.intercommunality,
        project=project,
        due_on=due_on or today + timedelta(days=30),
        written_by_name="Paul-Arnaud Lessieur",
        **said,
    )


def make_indicator(project, name="Haltes actives", *, value=None, measured_on=None, **fields):
    """From 1 to 8, the more the better; with a value, it was measured today."""
    said = {"kind": "output", "baseline": Decimal(1), "target": Decimal(8), "written_by_name": "Maud Jallet"} | fields
    indicator = Indicator.objects.create(intercommunality=project.intercommunality, project=project, name=name, **said)
    if value is not None:
        make_measurement(indicator, value, measured_on=measured_on)
    return indicator


def make_measurement(indicator, value, *, measured_on=None, **fields):
    now = timezone.now()
    return Measurement.objects.create(
        intercommunality=indicator.intercommunality,
        indicator=indicator,
        value=Decimal(str(value)),
        measured_on=measured_on or timezone.localdate(now),
        recorded_at=now,
        recorded_by_name="Maud Jallet",
        **fields,
    )


def make_survey(project=None, counts=(0, 1, 2, 7, 9), *, epci=None, words=(), **fields):
    """A survey of June 2026, of a project or of a service of the EPCI; `words` were read over."""
    said = {"title": "Familles", "service": "Micro-crèche", "audience": "Familles inscrites", "sent": 24}
    days = {"starts_on": date(2026, 6, 1), "ends_on": date(2026, 6, 30)}
    survey = Survey.objects.create(
        intercommunality=epci or project.intercommunality,
        project=project,
        **{f"score_{score}": count for score, count in enumerate(counts, start=1)},
        written_by_name="Paul-Arnaud Lessieur",
        **(said | days | fields),
    )
    for text in words:
        Verbatim.objects.create(
            intercommunality=survey.intercommunality, survey=survey, text=text, moderated_at=timezone.now()
        )
    return survey
