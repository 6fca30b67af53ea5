"""What may be typed to act between two sessions: by whom, why it cannot wait, how many answered."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cooperation.texts import AreaField
from partners.governance.models import Body
from projects.delegated.services import bodies_between_sessions


class ActForm(forms.Form):
    body = forms.ModelChoiceField(Body.objects.none(), label="Qui se prononce ?", empty_label="Choisissez")
    reason = AreaField(
        label="Pourquoi cela ne peut pas attendre la prochaine séance ?", widget=forms.Textarea(attrs={"rows": 3}),
        max_length=140,
    )  # fmt: skip
    answers = forms.IntegerField(
        label="Membres qui ont répondu",
        min_value=1,
        max_value=500,
        required=False,
        help_text="Pour une consultation écrite. La présidence décide seule.",
    )

    def __init__(self, *args: Any, intercommunality_id: int, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [body.pk for body in bodies_between_sessions(intercommunality_id, today)]
        self.fields["body"].queryset = Body.objects.filter(pk__in=offered)
