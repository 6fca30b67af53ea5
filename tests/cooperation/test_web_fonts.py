"""The web fonts are made once: a start that finds them ready does not make them again, and never keeps a false one."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from cooperation.management.commands import build_fonts

FACES = ["source-sans-bold.woff2", "source-sans-regular.woff2", "source-sans-semibold.woff2"]


@pytest.fixture
def written(settings, tmp_path, monkeypatch):
    """The names of the faces written, in their order; cutting the letters out takes seconds, and is not the matter."""
    settings.VAR_DIR, names = tmp_path, []

    def write_face(source: Path, target: Path) -> None:
        names.append(target.name)
        target.write_bytes(source.read_bytes()[:16])

    monkeypatch.setattr(build_fonts, "write_face", write_face)
    return names


def build() -> str:
    output = StringIO()
    call_command("build_fonts", stdout=output)
    return output.getvalue()


def test_a_second_run_makes_nothing_and_says_so(written, tmp_path):
    assert "source-sans-bold.woff2 : 0.0 Kio" in build()
    assert sorted(written) == FACES == sorted(one.name for one in tmp_path.glob("fonts/[!.]*"))
    written.clear()
    assert "source-sans-bold.woff2 : déjà prête" in build()
    assert written == []


def test_a_face_that_is_missing_is_made_again_alone(written, tmp_path):
    build()
    written.clear()
    (tmp_path / "fonts" / FACES[0]).unlink()
    build()
    assert written == FACES[:1]


def test_another_tool_makes_every_face_again(written, monkeypatch):
    build()
    written.clear()
    monkeypatch.setattr(build_fonts, "version", lambda package: "another")
    build()
    assert sorted(written) == FACES


def test_a_face_cut_short_is_not_taken_for_ready(written, monkeypatch):
    def cut_short(source: Path, target: Path) -> None:
        target.write_bytes(b"wOF2")
        raise KeyboardInterrupt

    build()
    written.clear()
    with monkeypatch.context() as moment, pytest.raises(KeyboardInterrupt):
        moment.setattr(build_fonts, "version", lambda package: "another")
        moment.setattr(build_fonts, "write_face", cut_short)
        build()
    build()
    assert written == ["source-sans-regular.woff2"]
