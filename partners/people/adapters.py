"""How sign-in behaves: accounts are opened by the administrator of the EPCI, nobody registers alone."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedDoorAdapter(DefaultAccountAdapter):
    # In the words of the page where they are read, each with what to do next.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "Ce courriel et ce mot de passe ne vont pas ensemble. Vérifiez-les, "
            "ou choisissez « Mot de passe oublié ? » plus bas."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
