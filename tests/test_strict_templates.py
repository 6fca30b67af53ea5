"""A template that asks for what nobody gave fails in the tests; a condition may ask whether something is there."""

import pytest
from django.template import engines

from tests.strict import UndefinedVariableError


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
