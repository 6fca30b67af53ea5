"""The forms of passkeys, in the words of those who fill them in: every key lets in without a password."""

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

NAME = "Nom de cet appareil"
HELP = "Pour reconnaître la clé dans votre liste : « mon téléphone », « ordinateur de la mairie »…"


class NewKeyForm(AddWebAuthnForm):
    name = forms.CharField(label=NAME, help_text=HELP, required=False, max_length=100)
    passwordless = forms.BooleanField(initial=True, widget=forms.HiddenInput)


class KeyNameForm(EditWebAuthnForm):
    name = forms.CharField(label=NAME, help_text=HELP, max_length=100)
