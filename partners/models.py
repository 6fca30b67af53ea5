"""One list to read: the models of the rooms of this house."""

from partners.directory.models import Distinction, Partner, Relay
from partners.governance.models import Body, Delegation, ElectedMember, Seat
from partners.people.invitations import Invitation
from partners.people.models import Membership, Role, User
from partners.people.rights import IntercommunalityGroupPermission

__all__ = [
    "Body",
    "Delegation",
    "Distinction",
    "ElectedMember",
    "IntercommunalityGroupPermission",
    "Invitation",
    "Membership",
    "Partner",
    "Relay",
    "Role",
    "Seat",
    "User",
]
