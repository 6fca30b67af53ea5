"""One list to read: the models of the rooms of this house."""

from partners.directory.models import Distinction, Partner, Relay
from partners.governance.circuits import Circuit, CircuitStep
from partners.governance.models import Body, BodyRule, Delegation, ElectedMember, Seat
from partners.people.invitations import Invitation, InvitationLetter
from partners.people.models import Membership, Role, User
from partners.people.rights import IntercommunalityGroupPermission

__all__ = [
    "Body",
    "BodyRule",
    "Circuit",
    "CircuitStep",
    "Delegation",
    "Distinction",
    "ElectedMember",
    "IntercommunalityGroupPermission",
    "Invitation",
    "InvitationLetter",
    "Membership",
    "Partner",
    "Relay",
    "Role",
    "Seat",
    "User",
]
