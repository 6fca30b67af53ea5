"""The gallery shows every component, and shows it well formed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory

from cooperation.gallery import gallery_context

COMPONENTS = sorted((Path(settings.BASE_DIR) / "templates/components").glob("*.html"))


def page() -> str:
    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    return render_to_string("cooperation/gallery.html", gallery_context(), request=request)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.name)
def test_a_component_says_what_it_takes(component: Path) -> None:
    assert component.read_text().startswith("{% comment %}")


def test_identifiers_are_unique() -> None:
    identifiers = re.findall(r'\sid="([^"]+)"', page())
    assert len(identifiers) == len(set(identifiers))


def test_what_describes_or_labels_a_field_exists() -> None:
    html = page()
    identifiers = set(re.findall(r'\sid="([^"]+)"', html))
    wanted = {name for names in re.findall(r'aria-(?:describedby|labelledby|controls)="([^"]+)"', html) for name in names.split()}
    assert wanted <= identifiers


def test_each_error_of_a_form_links_to_its_field() -> None:
    html = page()
    for target in re.findall(r'href="#(id_faute_[^"]+)"', html):
        assert f'id="{target}"' in html


def test_nothing_inline_that_the_content_policy_refuses() -> None:
    html = page()
    assert not re.search(r'\sstyle="|\son[a-z]+="|<script>|<style', html)


@pytest.mark.parametrize("name", ["400", "403", "404", "500"])
def test_an_error_page_needs_nothing(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert f"Erreur {name}" in html
    assert "Revenir à l’accueil" in html
