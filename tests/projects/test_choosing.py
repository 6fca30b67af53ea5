"""One row among a hundred thousand is typed, never looked for in a list that holds them all."""

from __future__ import annotations

import pytest
from django import forms
from django.urls import get_resolver

from cooperation.choosing import MOST, TypedChoice
from partners.directory.choosing import PartnerChoice
from partners.models import Partner, User
from partners.people.choosing import PersonChoice
from projects.models import Project
from projects.proposals.choosing import ProjectChoice
from tests.factories import make_agent, make_epci, make_partner, make_project

MANY = (Project, Partner, User)  # what grows with the territory; communes, bodies and seats do not


def every_form(kind=forms.BaseForm):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def test_no_form_lists_every_project_every_partner_or_every_person():
    assert get_resolver().url_patterns  # every view is imported, and every form with it
    asked = {
        f"{form.__module__}.{form.__name__}.{name}": field
        for form in every_form()
        if form.__module__.startswith(("projects.", "partners.", "territories."))
        for name, field in form.base_fields.items()
        if isinstance(field, forms.ModelChoiceField) and field.queryset.model in MANY
    }
    assert len(asked) > 5
    assert [name for name, field in asked.items() if not isinstance(field, TypedChoice)] == []


class ProjectForm(forms.Form):
    project = ProjectChoice(Project.objects.none(), label="Projet")

    def __init__(self, *args, epci, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["project"].queryset = Project.objects.of(epci).order_by("reference")


@pytest.fixture
def epci(db):
    return make_epci()


def test_the_line_suggests_a_few_projects_however_many_there_are(epci, django_assert_num_queries):
    template = make_project(epci)
    Project.objects.bulk_create(
        Project(intercommunality=epci, reference=f"Z{n:03}", title=f"Projet {n}", author=template.author)
        for n in range(2 * MOST)
    )
    with django_assert_num_queries(1):
        shown = str(ProjectForm(epci=epci)["project"])
    assert shown.count("<option") == MOST
    assert "<select" not in shown
    assert 'list="id_project_suggestions"' in shown


def test_words_that_several_projects_answer_name_them_and_keep_what_was_typed(epci):
    one, other = (make_project(epci, title=f"Micro-crèche {place}") for place in ("du bourg", "du lac"))
    form = ProjectForm({"project": "micro-creche"}, epci=epci)
    [fault] = form.errors["project"]
    assert str(one) in fault and str(other) in fault
    assert 'value="micro-creche"' in str(form["project"])
    assert ProjectForm({"project": "crèche lac"}, epci=epci).fields["project"].clean("micro-creche lac")


def test_nothing_is_told_of_a_project_that_may_not_be_chosen(epci):
    hidden = make_project(make_epci(1), title="Le secret des voisins")
    for typed in (hidden.title, hidden.reference + "-autre", str(hidden.pk)):
        form = ProjectForm({"project": typed}, epci=epci)
        assert form.errors["project"] == [ProjectChoice.nothing.format(words=typed)]


def test_a_partner_is_called_by_its_name_even_when_others_hold_it(epci):
    caf, service = make_partner(epci, "Caf"), make_partner(epci, "Caf de l’Orvelle")
    field = PartnerChoice(Partner.objects.listed())
    assert field.clean("Caf") == caf
    assert field.clean("orvelle") == service
    with pytest.raises(forms.ValidationError, match="Plusieurs partenaires"):
        field.clean("caf")


def test_two_people_of_one_name_are_told_apart_by_their_address(epci):
    one, other = make_agent(epci), make_agent(epci)
    User.objects.update(full_name="Claude Martin")
    field = PersonChoice(User.objects.all())
    with pytest.raises(forms.ValidationError, match="adresse"):
        field.clean("Claude Martin")
    assert field.clean(other.email.upper()) == other
    assert field.clean(one.email) == one
