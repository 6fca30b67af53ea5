"""Signing in and asking for a password, in the words of the platform: what is missing is said by its name."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm

ADDRESS = "Donnez votre adresse électronique."


class SignInForm(LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address, password = self.fields["login"], self.fields["password"]
        address.label, address.error_messages["required"] = "Adresse électronique", ADDRESS
        password.error_messages["required"] = "Donnez votre mot de passe."


class ForgottenPasswordForm(ResetPasswordForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        address = self.fields["email"]
        address.label, address.error_messages["required"] = "Adresse électronique", ADDRESS
