"""Who may do what: one role table, the groups that carry it, and the scope of a person.

Rights follow the membership, never the person: a role in an EPCI is a group, the group holds the rights on the EPCI.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from django.contrib.auth.models import AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone

from partners.people.models import Membership, Role, User
from partners.people.rights import IntercommunalityGroupPermission
from territories.places.models import Intercommunality

# fmt: off
ROLE_PERMISSIONS: dict[str, frozenset[str]] = {
    Role.AGENT:         frozenset({"submit_projects", "view_directory", "view_consultations", "view_levers"}),
    Role.COORDINATOR:   frozenset({"submit_projects", "view_directory", "manage_directory", "view_projects",
                                   "view_sessions",
                                   "review_projects", "plan_sessions", "manage_strategy", "print_report",
                                   "manage_competences", "view_consultations", "manage_consultations",
                                   "view_levers", "manage_levers"}),
    Role.ELECTED:       frozenset({"submit_projects", "view_directory", "view_projects", "view_sessions",
                                   "open_political_projects", "view_consultations", "view_levers"}),
    Role.RELAY:         frozenset(),
    # CGCT, art. L. 5211-40-2: a municipal councillor reads, and does not vote
    Role.COUNCILLOR:    frozenset({"view_sessions", "view_consultations", "view_levers"}),
    Role.ADMINISTRATOR: frozenset({"view_directory", "manage_people", "manage_bodies"}),
}
# fmt: on
# An agent of the EPCI itself sees its admissible projects; an agent of a commune sees those that name the commune.
EPCI_AGENT_PERMISSIONS = frozenset({"view_projects"})


@dataclass(frozen=True)
class Scope:
    """What a person may do and where, read in three queries and kept for the time of a request."""

    rights: dict[str, frozenset[int]] = field(default_factory=dict)
    communes: frozenset[int] = frozenset()
    partners: frozenset[int] = frozenset()
    intercommunalities: frozenset[int] = frozenset()

    def where(self, permission: str) -> frozenset[int]:
        """The ids of the EPCIs where the person holds the permission."""
        return self.rights.get(permission, frozenset())

    def may(self, permission: str, intercommunality_id: int | None) -> bool:
        return intercommunality_id in self.where(permission)

    def sees_all(self, intercommunality_id: int) -> bool:
        """The person reads all that is admissible in the EPCI, and not only what concerns their own organisation."""
        return self.may("view_projects", intercommunality_id) or self.may("review_projects", intercommunality_id)


def scope_of(user: User | AnonymousUser) -> Scope:
    """Read the scope of a person once; a new request brings a new user, so a right withdrawn is gone at once."""
    if not user.is_authenticated:
        return Scope()
    if not hasattr(user, "_scope"):
        user._scope = _read_scope(user)  # type: ignore[attr-defined]
    return user._scope  # type: ignore[attr-defined]


def _read_scope(user: User) -> Scope:
    rights = defaultdict(set)
    granted = IntercommunalityGroupPermission.objects.filter(group__user=user)
    for codename, pk in granted.values_list("permission__codename", "content_object_id"):
        rights[codename].add(pk)
    memberships = list(
        Membership.objects.filter(user=user)
        .in_force(timezone.localdate())
        .values_list("intercommunality_id", "commune_id", "partner_id")
    )
    present = frozenset(epci for epci, _, _ in memberships)
    return Scope(
        # A planned end of membership counts from its day on, even before the groups are put in order.
        rights={name: frozenset(pks & present) for name, pks in rights.items()},
        communes=frozenset(commune for _, commune, _ in memberships if commune),
        partners=frozenset(partner for _, _, partner in memberships if partner),
        intercommunalities=present,
    )


def holders(epci: Intercommunality, permission: str) -> QuerySet[User]:
    """Who holds a right in an EPCI today by their role there, in alphabetical order."""
    return User.objects.filter(pk__in=carrying(permission).filter(intercommunality=epci).values("user"))


def carrying(permission: str) -> QuerySet[Membership]:
    """The roles in force today that hold a right where they are held, of people whose account is open."""
    roles = [role for role, rights in ROLE_PERMISSIONS.items() if permission in rights]
    return Membership.objects.filter(role__in=roles, user__is_active=True).in_force(timezone.localdate())


def permissions_of(membership: Membership) -> frozenset[str]:
    """The rights that a membership carries on its EPCI."""
    return ROLE_PERMISSIONS[membership.role] | (EPCI_AGENT_PERMISSIONS if is_epci_agent(membership) else frozenset())


def is_epci_agent(membership: Membership) -> bool:
    return membership.role == Role.AGENT and membership.commune_id is None


def group_of(membership: Membership) -> Group:
    """The group of the holders of a role in an EPCI; agents of the EPCI itself have their own."""
    suffix = ":epci" if is_epci_agent(membership) else ""
    name = f"epci:{membership.intercommunality_id}:{membership.role}{suffix}"
    group, created = Group.objects.get_or_create(name=name)
    if created:
        _give(group, membership, permissions_of(membership))
    return group


def settle(group: Group, membership: Membership) -> None:
    """Give the group exactly the rights that the role table says, no less and no more."""
    granted = IntercommunalityGroupPermission.objects.filter(
        group=group, content_object_id=membership.intercommunality_id
    )
    held = set(granted.values_list("permission__codename", flat=True))
    wanted = permissions_of(membership)
    granted.exclude(permission__codename__in=wanted).delete()
    _give(group, membership, wanted - held)


def _give(group: Group, membership: Membership, codenames: frozenset[str]) -> None:
    if not codenames:
        return
    ours = Permission.objects.filter(content_type=ContentType.objects.get_for_model(Intercommunality)).order_by()
    known = {one.codename: one for one in ours}
    IntercommunalityGroupPermission.objects.bulk_create(
        IntercommunalityGroupPermission(
            group=group, permission=known[codename], content_object_id=membership.intercommunality_id
        )
        for codename in sorted(codenames)
    )


def grant(membership: Membership) -> None:
    """Give the rights of the role; with `revoke`, the only place that touches them."""
    membership.user.groups.add(group_of(membership))


def revoke(membership: Membership) -> None:
    """Withdraw the rights of the role, unless another membership still carries the same ones."""
    group = group_of(membership)
    others = Membership.objects.filter(
        user=membership.user, intercommunality=membership.intercommunality, role=membership.role
    ).in_force(timezone.localdate())
    if not any(group_of(other) == group for other in others.exclude(pk=membership.pk)):
        membership.user.groups.remove(group)


def get_intercommunality(user: User | AnonymousUser, siren: str, permission: str = "") -> Intercommunality:
    """The only way a view obtains an EPCI: 404 when the person has no place in it, 403 when the act is not allowed."""
    scope = scope_of(user)
    mine = Intercommunality.objects.filter(pk__in=scope.intercommunalities)
    intercommunality = get_object_or_404(Intercommunality.objects if user.is_superuser else mine, siren=siren)
    if permission and not user.is_superuser and not scope.may(permission, intercommunality.pk):
        raise PermissionDenied("Votre rôle ne permet pas d’ouvrir cette page.")
    return intercommunality
