"""The README is true: its tables are those of the code, its map names folders that exist."""

import re

import pytest
from django.conf import settings

from tests.tables import role_table, state_table

README = settings.BASE_DIR / "README.md"


@pytest.mark.parametrize("table", [state_table, role_table])
def test_the_readme_shows_the_table_of_the_code(table):
    assert table() in README.read_text(), f"Recopier dans le README ce que donne tests.tables.{table.__name__}()."


def test_the_map_of_the_readme_names_every_room_once_and_no_other():
    houses = ("cooperation", "territories", "partners", "projects")
    parts = re.split(r"^(\w+)/ +[A-Z]", README.read_text(), flags=re.MULTILINE)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))
    for house in houses:
        named = re.findall(r"^    (\w+)/ ", told[house], flags=re.MULTILINE)
        folders = (settings.BASE_DIR / house).iterdir()
        rooms = {folder.name for folder in folders if folder.is_dir() and (folder / "__init__.py").exists()}
        assert sorted(named) == sorted(rooms - {"migrations", "management"})
