"""Pages of invitations: sending one for a partner, taking it back, and the page that the link opens."""

from __future__ import annotations

from allauth.core.internal import ratelimit  # the public one counts no page that is only read
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from cooperation.answering import carried_out
from partners.people import invitation_services as services
from partners.people.access import scope_of
from partners.people.directory_access import MANAGE, get_partner
from partners.people.invitation_forms import AcceptForm, InviteForm
from partners.people.invitations import Invitation
from partners.people.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
UNKNOWN = "Ce lien n’est pas valable : vérifiez qu’il est entier, ou demandez-en un autre à qui vous a invité·e."
TOO_MANY = "Trop de tentatives depuis votre connexion : réessayez dans quelques minutes."


@require_http_methods(["GET", "HEAD", "POST"])
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    partner = get_partner(request.user, pk, MANAGE)
    asked = request.GET.get("relais", "")
    relay = partner.relays.known().filter(pk=asked).first() if asked.isdecimal() and len(asked) < 19 else None
    known = {name: getattr(relay, name) for name in ("email", "full_name", "function")} if relay else {}
    form = InviteForm(request.POST or None, initial=known)
    if done := carried_out(
        request,
        form,
        lambda: services.invite_relay(partner=partner, by=request.user, **form.cleaned_data),
        told="L’invitation est prête : son courriel part dans la minute. Le lien sert une fois, pendant sept jours.",
        back=partner,
    ):
        return done
    return render(request, "partners/invite.html", {"partner": partner, "form": form})


@require_POST
def invitation_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    held = scope_of(request.user).where("view_directory")
    invitation = get_object_or_404(Invitation.objects.filter(intercommunality_id__in=held), pk=pk)
    partner = get_partner(request.user, invitation.partner_id, MANAGE)
    services.revoke_invitation(invitation=invitation)
    messages.success(request, "L’invitation est annulée : son lien n’ouvre plus rien.")
    return redirect(partner)


def comes_too_often(request: HttpRequest) -> bool:
    """Whether this connection has opened more links in a minute than the settings allow, counted as sign-ins are."""
    return not ratelimit.consume(request, app="allauth.account", action="invitation", limit_get=True)


def closed(request: HttpRequest, sentence: str, status: int) -> HttpResponse:
    """One clear sentence for a link that does not open."""
    return render(request, "partners/invitation_closed.html", {"sentence": sentence}, status=status)


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """What the link opens. Visits are counted as sign-ins are, so that nobody tries links one after the other."""
    if comes_too_often(request):
        return closed(request, TOO_MANY, 429)
    found = Invitation.objects.select_related("partner", "relay", "intercommunality")
    held = found.filter(token_digest=services.digest_of(token)).first()
    if held is None:
        return closed(request, UNKNOWN, 404)
    if reason := held.refusal(timezone.now()):
        return closed(request, reason, 410)
    user = User.objects.filter(email=held.email).first()
    form = AcceptForm(request.POST or None, user=user, email=held.email, initial={"full_name": held.relay.full_name})
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("full_name", "password") if name in form.fields}
        signs_in = services.needs_password(user)
        try:
            accepted = services.accept_invitation(invitation=held, **said)
        except ValidationError as error:
            return closed(request, error.messages[0], 410)
        messages.success(request, f"Bienvenue. Vous représentez {held.partner}.")
        if signs_in:
            login(request, accepted, backend=BACKEND)
            return redirect("projects:home")
        return redirect("projects:home" if request.user == accepted else "account_login")
    context = {"invitation": held, "form": form, "has_account": user is not None}
    return render(request, "partners/invitation.html", context)
