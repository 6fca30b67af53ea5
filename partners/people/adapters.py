"""How sign-in behaves: accounts are opened by the administrator of the EPCI, nobody registers alone."""

from __future__ import annotations

from typing import Any

import structlog
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as of_allauth
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect

log = structlog.get_logger(__name__)
NOT_SENT = "Le courriel n’a pas pu partir. Vérifiez l’adresse, puis réessayez dans quelques minutes."


class ClosedDoorAdapter(DefaultAccountAdapter):
    # In the words of the page where they are read, each with what to do next.
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": (
            "Cette adresse et ce mot de passe ne vont pas ensemble. Vérifiez-les, "
            "ou choisissez « Mot de passe oublié ? » plus bas."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send at once a mail that somebody waits for: it holds a secret link, which is kept nowhere.

        A server that does not take it is told to the person, in the same words with or without an account.
        """
        try:
            super().send_mail(template_prefix, email, context)
        except OSError as error:
            log.warning("mail_server_out_of_reach", error=type(error).__name__)
            messages.error(of_allauth.request, NOT_SENT)
            raise ImmediateHttpResponse(redirect(of_allauth.request.path)) from error
