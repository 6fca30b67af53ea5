"""Taking the demo territory away, whatever the rooms that hang something on it."""

from __future__ import annotations

from django.apps import apps
from django.contrib.auth.models import Group
from django.db import connection, models

from partners.people.models import User
from projects.demo.files import DemoData
from projects.seal import guards
from territories.places.models import Intercommunality


def clear(data: DemoData) -> None:
    """Remove the demo EPCI and all that belongs to it, its history and its accounts; no other territory is touched.

    Public archives are protected from deletion one by one; an invented territory is not an archive, so its rows go
    directly, from the leaves to the root, and what the database refuses is lifted meanwhile. The databases check the
    foreign keys at the end of the transaction.
    """
    epci = Intercommunality.objects.filter(siren=data.territory["siren"], is_demo=True)
    with guards.lifted(connection):
        for key in epci.values_list("pk", flat=True):
            Group.objects.filter(name__startswith=f"epci:{key}:").delete()
            for model, path in belongings():
                rows = model._base_manager.filter(**{path: key})
                rows._raw_delete(rows.db)
        epci._raw_delete(epci.db)
    User.objects.filter(email__in=[one["email"] for one in data.accounts["accounts"]]).delete()


def belongings() -> list[tuple[type[models.Model], str]]:
    """List the models that hang on an EPCI with the path to it, the farthest first."""
    paths: dict[type[models.Model], str] = {}
    frontier: dict[type[models.Model], str] = {Intercommunality: ""}
    while frontier:
        found: dict[type[models.Model], str] = {}
        for model in apps.get_models(include_auto_created=True):
            if model in paths or model in found or model is Intercommunality or model._meta.proxy:
                continue
            for field in model._meta.concrete_fields:
                if field.is_relation and field.related_model in frontier:
                    rest = frontier[field.related_model]
                    found[model] = f"{field.name}__{rest}" if rest else field.name
                    break
        paths |= found
        frontier = found
    return sorted(paths.items(), key=lambda pair: -pair[1].count("__"))
