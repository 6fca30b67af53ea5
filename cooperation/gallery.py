"""The page where every component stands with an example, to look at them all at once and to check them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import mark_safe

from cooperation.checks import Check
from cooperation.difference import difference
from cooperation.drawing.balances import Item, draw_balances
from cooperation.drawing.curves import Reading, draw_curve
from cooperation.drawing.gauges import draw_gauge
from cooperation.drawing.networks import Strand, draw_network
from cooperation.paging import Slice
from cooperation.shared import Meanwhile

STATUSES = [
    ("draft", "Brouillon"),
    ("submitted", "Déposé"),
    ("to_complete", "À compléter"),
    ("under_review", "En instruction"),
    ("inadmissible", "Non recevable"),
    ("on_agenda", "À l’ordre du jour"),
    ("adopted", "Adopté"),
    ("deferred", "Ajourné"),
    ("rejected", "Rejeté"),
    ("in_progress", "En cours"),
    ("completed", "Réalisé"),
    ("evaluated", "Évalué"),
    ("suspended", "Suspendu"),
    ("abandoned", "Abandonné"),
    ("withdrawn", "Retiré"),
]
HEALTH = [
    ("good", "En bonne voie"),
    ("watch", "À surveiller"),
    ("alert", "En difficulté"),
    ("unknown", "Sans nouvelles"),
]
STORED = "Le relais est à 20 km."
DRAWING = (
    '<svg viewBox="0 0 300 44" role="img" aria-label="Communes 40, département 35, reste à trouver 25">'
    '<rect class="bar__segment bar__segment--own" width="120" height="40"/>'
    '<rect class="tex-2" x="121" width="105" height="40"/>'
    '<rect class="tex-3" x="227" width="73" height="40"/></svg>'
)


class ExampleForm(forms.Form):
    """One field of each kind."""

    title = forms.CharField(label="Titre du projet", help_text="Une phrase que tout le monde comprend.", max_length=120)
    need = forms.CharField(label="Le constat", widget=forms.Textarea, required=False)
    start = forms.DateField(label="Début souhaité", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    commune = forms.ChoiceField(label="Commune", choices=[("", "Choisir…"), ("1", "Orvelle"), ("2", "Saint-Ambert")])
    origin = forms.ChoiceField(
        label="Origine", choices=[("field", "Terrain"), ("commune", "Communes")], widget=forms.RadioSelect
    )
    agreed = forms.BooleanField(label="J’ai relu le texte avec mon service", help_text="Votre nom sera visible.")


def gallery_context() -> dict[str, Any]:
    """Examples, with the words of a real territory."""
    return {
        "navigation": [
            {"label": "Accueil", "url": "#", "is_current": False},
            {"label": "Projets", "url": "#", "is_current": True},
            {"label": "Stratégie", "url": "#", "is_current": False},
            {"label": "Séances", "url": "#", "is_current": False},
        ],
        "current_intercommunality": "Communauté de communes du Val d’Orvelle",
        "trail": [
            {"label": "Accueil", "url": "#"},
            {"label": "Projets", "url": "#"},
            {"label": "Composants", "url": ""},
        ],
        "statuses": STATUSES,
        "health": HEALTH,
        "form": ExampleForm({"need": "Il manque un lieu ouvert aux jeunes."}, auto_id="id_faute_%s"),
        "filters": ExampleForm(auto_id="id_filtre_%s"),
        "blank_form": ExampleForm(auto_id="id_%s"),
        "steps": [
            {"label": "Le besoin et l’objectif", "url": "#", "is_done": True, "is_current": False, "note": ""},
            {"label": "Où, et à quel titre", "url": "#", "is_done": True, "is_current": False, "note": ""},
            {
                "label": "Avec qui",
                "url": "#",
                "is_done": False,
                "is_current": True,
                "note": "Il manque une personne relais",
            },
            {"label": "Les moyens", "url": "#", "is_done": False, "is_current": False, "note": ""},
            {"label": "Relire et déposer", "url": "", "is_done": False, "is_current": False, "note": ""},
        ],
        "tabs": [
            {"label": "À instruire", "url": "#", "is_current": True, "count": 4},
            {"label": "En séance", "url": "#", "is_current": False, "count": 2},
            {"label": "Décidés", "url": "#", "is_current": False, "count": 17},
        ],
        "events": [
            {
                "on": date(2026, 11, 5),
                "title": "Proposition déposée",
                "text": "Par le service enfance.",
                "is_decision": False,
            },
            {
                "on": date(2026, 12, 1),
                "title": "Adopté par le bureau",
                "text": "9 pour, 1 abstention.",
                "is_decision": True,
            },
        ],
        "interests": [
            {
                "who": "Maud Delcourt",
                "role": "Collège Jean-Moulin",
                "text": "Que les élèves ne décrochent plus faute de car.",
                "gives": "une salle",
                "fears": "",
                "convergence": "Va dans le sens de l’objectif",
            },
            {
                "who": "Commune d’Orvelle",
                "role": "Maître d’ouvrage",
                "text": "Faire vivre le centre-bourg le mercredi.",
                "gives": "",
                "fears": "le coût de chauffage",
                "convergence": "Reste à rapprocher",
            },
        ],
        "facts": [
            {"label": "Maître d’ouvrage", "value": "Commune d’Orvelle"},
            {"label": "Calendrier", "value": "2027 à 2029"},
            {"label": "Personne relais", "value": ""},
        ],
        "headers": ["Financeur", "Demandé", "Obtenu"],
        "rows": [["Département", "120 000 €", "90 000 €"], ["État (DETR)", "84 500 €", "à préciser"]],
        "total": ["Total", "204 500 €", "90 000 €"],
        "page": Paginator(range(100), 10).page(4),
        "typed_line": mark_safe('<input type="text" id="id_choix" list="id_choix_suggestions">'),
        "typed_suggestions": ["P01 Petits Lierres, une micro-crèche au bourg", "P02 Navette du marché"],
        "slice": Slice([], "2026-12-03~12"),
        "meanwhile": [Meanwhile("Constat", STORED, difference(STORED, "Le relais est à 25 km, sans bus."))],
        "ordered": [
            {"id": 1, "label": "Bien grandir"},
            {"id": 2, "label": "Se déplacer"},
            {"id": 3, "label": "Habiter"},
        ],
        "checks": [
            Check("balance", "", True, "Le plan est équilibré : les ressources couvrent exactement le coût."),
            Check("fund", "CGCT, art. L. 5214-16 V", False, "Le fonds de concours dépasse son plafond de 1 200,00 €."),
        ],
        "balances": draw_balances(
            [Item("Orvelle-le-Château", Decimal("137.93")), Item("Champ-Rosay", Decimal("-21.77"))],
            title="Solde par habitant",
        ),
        "network": draw_network(
            ["Communauté de communes", "Commune d’Orvelle", "Office de tourisme"],
            [Strand(0, 1, "financement", 0), Strand(0, 2, "convention", 1), Strand(2, 1, "habitude", 2)],
            title="Ce qui lie trois organisations",
        ),
        "gauge": draw_gauge(Decimal(67), title="67 % du chemin"),
        "curve": draw_curve(
            [Reading(date(2024, 1, 15), Decimal(61), "61"), Reading(date(2026, 9, 30), Decimal(94), "94")],
            target=Decimal(110),
            target_text="cible : 110",
            title="De 61 en 2024 à 94 en 2026, pour une cible de 110",
        ),
        "svg": mark_safe(DRAWING),
    }


def gallery(request: HttpRequest) -> HttpResponse:
    return render(request, "cooperation/gallery.html", gallery_context())


if settings.SHOW_COMPONENTS:
    gallery = login_not_required(gallery)
