"""A template that asks for what nobody gave fails in the tests; a condition may ask whether something is there."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines

from tests.strict import UndefinedVariableError

TEMPLATES = Path(settings.BASE_DIR) / "templates"


def render(text: str) -> str:
    return engines["django"].from_string(text).render({"known": "oui"})


@pytest.mark.parametrize("text", ["{{ unknown }}", "{{ known.unknown }}", '{{ unknown|default:"x" }}'])
def test_a_name_that_nobody_gave_stops_the_page(text):
    with pytest.raises(UndefinedVariableError, match="unknown"):
        render(text)


def test_a_condition_may_ask_whether_a_thing_is_there():
    assert render("{% if unknown %}non{% else %}{{ known }}{% endif %}") == "oui"


def test_a_related_row_that_does_not_exist_counts_as_nothing():
    class Silent(Exception):
        silent_variable_failure = True

    class Row:
        @property
        def decision(self):
            raise Silent

    template = engines["django"].from_string("{% if row.decision %}non{% else %}{{ row.decision }}rien{% endif %}")
    assert template.render({"row": Row()}) == "rien"


FORMS = "{% csrf_token %}"
INCLUDED = re.compile(r'{% include "([^"]+)"([^%]*) only %}')


def test_a_form_included_alone_is_given_its_token():
    """Without it, whoever presses the button reads that their act was refused."""
    texts = {path.relative_to(TEMPLATES).as_posix(): path.read_text() for path in TEMPLATES.rglob("*.html")}
    forgotten = [
        f"{name} → {included}"
        for name, text in texts.items()
        for included, given in INCLUDED.findall(text)
        if FORMS in texts.get(included, "") and "csrf_token=csrf_token" not in given
    ]
    assert not forgotten
