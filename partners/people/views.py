"""Pages of people: who holds which role, opening one, ending one."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from cooperation.alphabetical import Alphabetical
from partners.people import services
from partners.people.access import get_intercommunality, scope_of
from partners.people.current import require_intercommunality
from partners.people.forms import ClosingForm, MembershipForm
from partners.people.models import Membership, User
from territories.places.models import Intercommunality


def get_managed_intercommunality(request: HttpRequest) -> Intercommunality:
    """The EPCI in which the person is working, if they manage its people."""
    return get_intercommunality(request.user, require_intercommunality(request).siren, "manage_people")


def get_membership(user: User, pk: int) -> Membership:
    """The only way a view obtains a membership: 404 unless the person manages the people of its EPCI."""
    managed = scope_of(user).where("manage_people")
    held = Membership.objects.select_related("user", "intercommunality", "commune", "partner")
    return get_object_or_404(held.filter(intercommunality_id__in=managed), pk=pk)


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    epci = get_managed_intercommunality(request)
    today = timezone.localdate()
    held = (
        Membership.objects.filter(intercommunality=epci)
        .select_related("user", "intercommunality", "commune", "partner")
        .order_by(Alphabetical("user__full_name"), "user__email", "role", "pk")
    )
    present = [one for one in held if one.ends_on is None or one.ends_on >= today]
    past = [one for one in held if one.ends_on is not None and one.ends_on < today]
    return render(request, "partners/people.html", {"epci": epci, "present": present, "past": past})


@require_http_methods(["GET", "HEAD", "POST"])
def membership_add(request: HttpRequest) -> HttpResponse:
    epci = get_managed_intercommunality(request)
    form = MembershipForm(request.POST or None, intercommunality=epci)
    if request.method == "POST" and form.is_valid():
        try:
            membership = services.welcome(intercommunality=epci, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages[0])
        else:
            messages.success(request, f"Rôle ouvert : {membership}. La personne choisit son mot de passe elle-même.")
            return redirect("partners:people")
    return render(request, "partners/membership_add.html", {"epci": epci, "form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def membership_close(request: HttpRequest, pk: int) -> HttpResponse:
    membership = get_membership(request.user, pk)
    form = ClosingForm(request.POST or None, membership=membership)
    if request.method == "POST" and form.is_valid():
        services.close_membership(membership=membership, ends_on=form.cleaned_data["ends_on"])
        messages.success(request, f"Le rôle se termine : {membership}.")
        return redirect("partners:people")
    return render(request, "partners/membership_close.html", {"membership": membership, "form": form})
