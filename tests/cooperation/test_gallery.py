"""The gallery shows every component, and shows it well formed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import reverse

from cooperation.gallery import gallery_context

COMPONENTS = sorted((Path(settings.BASE_DIR) / "templates/components").glob("*.html"))


def page() -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return render_to_string("cooperation/gallery.html", gallery_context(), request=request)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.name)
def test_a_component_says_what_it_takes(component: Path) -> None:
    assert component.read_text().startswith("{% comment %}")


def included_from(template: str) -> set[str]:
    """The components that a template shows, directly or through another component."""
    text = (Path(settings.BASE_DIR) / "templates" / template).read_text()
    found = set(re.findall(r'{% include "(components/[^"]+)"', text))
    return found.union(*(included_from(one) for one in found))


def test_every_component_is_in_the_gallery() -> None:
    shown = included_from("cooperation/gallery.html") | included_from("layout/base.html")
    assert {f"components/{path.name}" for path in COMPONENTS} - shown == set()


def test_identifiers_are_unique() -> None:
    identifiers = re.findall(r'\sid="([^"]+)"', page())
    assert len(identifiers) == len(set(identifiers))


def test_what_describes_or_labels_a_field_exists() -> None:
    html = page()
    identifiers = set(re.findall(r'\sid="([^"]+)"', html))
    wanted = {
        name
        for names in re.findall(r'aria-(?:describedby|labelledby|controls)="([^"]+)"', html)
        for name in names.split()
    }
    assert wanted <= identifiers


def test_each_error_of_a_form_links_to_its_field() -> None:
    html = page()
    for target in re.findall(r'href="#(id_faute_[^"]+)"', html):
        assert f'id="{target}"' in html


def test_nothing_inline_that_the_content_policy_refuses() -> None:
    html = page()
    assert not re.search(r'\sstyle="|\son[a-z]+="|<script>|<style', html)


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500", "503"])
def test_an_error_page_needs_nothing(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert f"Erreur {name.removesuffix('_csrf')}" in html
    assert "Revenir à l’accueil" in html


@pytest.mark.django_db
def test_a_form_that_stayed_open_too_long_is_answered_in_plain_words() -> None:
    answer = Client(enforce_csrf_checks=True).post(reverse("account_login"), {"login": "x", "password": "y"})
    assert answer.status_code == 403
    assert "restée ouverte trop longtemps" in answer.content.decode()
    assert "CSRF" not in answer.content.decode()


# What is written on what: text asks 4.5 (RGAA 3.2), the edge of a field and the focus ring ask 3 (RGAA 3.3).
TEXT = [
    *[(ink, ground) for ink in ("ink", "ink-soft", "brand", "accent", "bad") for ground in ("ground", "paper", "sand")],
    *[("ink", f"{kind}-soft") for kind in ("brand", "accent", "ok", "warn", "bad", "info")],
    *[(kind, f"{kind}-soft") for kind in ("brand", "accent", "ok", "warn", "bad", "info")],
    ("on-brand", "brand"), ("on-brand", "brand-strong"), ("ink-soft", "brand-soft"),
]  # fmt: skip
EDGES = [(edge, ground) for edge in ("line-strong", "focus") for ground in ("ground", "paper", "sand")]


def colours(theme: str) -> dict[str, str]:
    css = (Path(settings.BASE_DIR) / "static/css/tokens.css").read_text()
    light, system, chosen = re.split(r"@media \(prefers-color-scheme: dark\)|:root\[data-theme=\"dark\"\]", css)
    blocks = {"light": light, "dark": system, "dark, chosen": chosen}
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", blocks[theme]))


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark", "dark, chosen"])
def test_every_pair_of_colours_can_be_read(theme: str) -> None:
    of = colours(theme)
    weak = [(a, b, round(contrast(of[a], of[b]), 2)) for a, b in TEXT if contrast(of[a], of[b]) < 4.5]
    weak += [(a, b, round(contrast(of[a], of[b]), 2)) for a, b in EDGES if contrast(of[a], of[b]) < 3]
    assert weak == []


def test_both_ways_to_the_dark_theme_give_the_same_colours() -> None:
    assert colours("dark") == colours("dark, chosen")
