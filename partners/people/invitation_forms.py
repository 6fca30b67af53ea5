"""What is typed about an invitation: whom to invite; then, by the person, a name, a password and an agreement."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

from partners.people.invitation_services import needs_password
from partners.people.models import User


class InviteForm(forms.Form):
    """The person to invite for a partner."""

    email = forms.EmailField(
        label="Adresse électronique", max_length=254, help_text="L’adresse professionnelle, où le lien sera envoyé."
    )
    full_name = forms.CharField(label="Prénom et nom", max_length=150)
    function = forms.CharField(label="Fonction", max_length=150, required=False)


class AcceptForm(forms.Form):
    """What the person invited gives: who they are, a password if they have none, and their agreement."""

    full_name = forms.CharField(label="Prénom et nom", max_length=150)
    password = forms.CharField(
        label="Mot de passe",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Au moins 12 caractères. Une phrase courte convient très bien.",
    )
    agreement = forms.BooleanField(
        label="J’accepte que mon nom et mes coordonnées professionnelles figurent dans l’annuaire des partenaires.",
        error_messages={"required": "Cochez cette case : sans votre accord, l’invitation ne peut pas être acceptée."},
    )

    def __init__(self, *args: Any, user: User | None, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.email = user, email
        if not needs_password(user):
            del self.fields["password"]
        if user is not None:
            del self.fields["full_name"]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if password := data.get("password"):
            try:
                validate_password(password, User(email=self.email, full_name=data.get("full_name", "")))
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data
