"""Sign-in of public agents through ProConnect (OpenID Connect); nothing of it exists where it is not configured.

A person is known by the identifier of ProConnect (`sub`), never by an address alone. The first time, the address must
be that of an account opened here, and the employer (SIRET) one of the structures for which the person holds a role
today: the two are then bound. ProConnect says who somebody is; what they may do is said by their roles alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any, NoReturn

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal.jwtkit import lookup_kid_jwk, verify_and_decode
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from allauth.utils import build_absolute_uri
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, get_random_string, salted_hmac

from partners.people.models import Membership, Role, User

NAME = "proconnect"
SCOPES = ["openid", "email", "siret"]  # what is needed to know the person and the employer, and no more
SIREN = 9  # the first digits of a SIRET are the SIREN of the employer
STATE = 43  # ProConnect asks for 32 characters at least

UNKNOWN = (
    "Aucun compte n’est ouvert ici pour votre adresse {email} auprès de votre employeur (SIRET {siret}). "
    "Les comptes s’ouvrent sur invitation : demandez le vôtre à la personne qui administre la plateforme."
)
CANCELLED = "Vous n’êtes pas allé·e au bout avec ProConnect : recommencez, ou utilisez votre mot de passe."
FAILED = "ProConnect n’a pas pu confirmer qui vous êtes : recommencez dans un instant, ou utilisez votre mot de passe."


def refuse(request: HttpRequest, reason: str, status: int) -> HttpResponse:
    """The page that says in one sentence why ProConnect did not let somebody in."""
    return render(request, "partners/proconnect_refused.html", {"reason": reason}, status=status)


def account_for(*, email: str, siret: str, today: date) -> User | None:
    """The account opened here for this address, if its person works today for the employer that ProConnect names."""
    roles = Membership.objects.filter(user__email=email.lower(), user__is_active=True).in_force(today)
    for role in roles.select_related("user", "intercommunality", "commune", "partner"):
        if siret and siret[:SIREN] in employers_of(role):
            return role.user
    return None


def employers_of(role: Membership) -> Iterator[str]:
    """The SIREN of the structures that may employ the holder of a role."""
    if role.partner:
        yield role.partner.siret[:SIREN]
    if role.role == Role.RELAY:
        return
    yield role.intercommunality.siren
    communes = [role.commune] if role.commune else role.intercommunality.communes.all()
    yield from (commune.siren for commune in communes)


class InvitedOnlyAdapter(DefaultSocialAccountAdapter):
    """What happens once ProConnect has answered: no account is ever made here."""

    def get_app(self, request: HttpRequest, provider: str, client_id: str | None = None) -> SocialApp:
        """The one application there is, as the environment describes it."""
        if not (said := settings.PROCONNECT):
            raise SocialApp.DoesNotExist
        return SocialApp(
            provider=OpenIDConnectProvider.id,
            provider_id=NAME,
            name="ProConnect",
            client_id=said["client_id"],
            secret=said["secret"],
            settings={"server_url": said["server"], "token_auth_method": "client_secret_post"},
        )

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> ProConnect:
        return ProConnect(request, app=self.get_app(request, provider))

    def generate_state_param(self, state: dict[str, Any]) -> str:
        return get_random_string(STATE)

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Let in whoever is known, bind whoever is recognised for the first time, refuse everybody else."""
        if sociallogin.is_existing:
            return
        said = sociallogin.provider.identity
        email, siret = str(said.get("email") or ""), str(said.get("siret") or "")
        verified = said.get("email_verified", True)  # a provider that says nothing answers for its agents
        user = account_for(email=email, siret=siret, today=timezone.localdate()) if verified is True else None
        if user is None:
            reason = UNKNOWN.format(email=email or "inconnue", siret=siret or "inconnu")
            raise ImmediateHttpResponse(refuse(request, reason, 403))
        sociallogin.connect(request, user)

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: ProConnect,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: dict[str, Any] | None = None,
    ) -> NoReturn:
        reason = CANCELLED if error == AuthError.CANCELLED else FAILED
        raise ImmediateHttpResponse(refuse(request, reason, 401))


def nonce_of(state: str) -> str:
    """What ties an identity token to the request that asked for it: nobody else can work it out, nothing to keep."""
    return salted_hmac("partners.people.proconnect", state, algorithm="sha256").hexdigest()


class Client(OAuth2Client):
    def get_redirect_url(self, authorization_url: str, scope: list[str], extra_params: dict[str, str]) -> str:
        return super().get_redirect_url(authorization_url, scope, extra_params | {"nonce": nonce_of(self.state)})


class Exchange(OpenIDConnectOAuth2Adapter):
    """What is said with ProConnect: every token is verified, and the answer about the person is a signed one."""

    client_class = Client

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return build_absolute_uri(request, reverse("partners:proconnect_return"))

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        identity = self._decode_id_token(app, kwargs["response"].get("id_token") or "")
        if not constant_time_compare(str(identity.get("nonce")), nonce_of(request.GET["state"])):
            raise OAuth2Error("nonce")
        person = self._fetch_user_info(token.token)
        if person.get("sub") != identity["sub"]:
            raise OAuth2Error("sub")
        return self.get_provider().sociallogin_from_response(request, person)

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        return verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=lookup_kid_jwk,
        )

    def _fetch_user_info(self, access_token: str) -> dict[str, Any]:
        provider = self.get_provider()
        with InvitedOnlyAdapter(self.request).get_requests_session() as session:
            answer = session.get(self.profile_url, headers={"Authorization": f"Bearer {access_token}"})
            answer.raise_for_status()
        return self._decode_id_token(provider.app, answer.text)


class ProConnect(OpenIDConnectProvider):
    """ProConnect as a provider: what is asked of it, and what is kept of its answer (nothing but the identifier)."""

    oauth2_adapter_class = Exchange
    identity: dict[str, Any]

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return SCOPES

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return {}  # ProConnect refuses a parameter that it does not know

    def get_callback_url(self) -> str:
        return reverse("partners:proconnect_return")

    def sociallogin_from_response(self, request: HttpRequest, response: dict[str, Any]) -> SocialLogin:
        self.identity = response
        return super().sociallogin_from_response(request, response)

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}
