"""A file is what its content says: honest files go in, hostile ones are refused with a reason, quickly."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projects.debate.inspection import SIZE_LIMIT, RefusedFile, clean_name, inspect
from tests.projects.hostile_files import HONEST, HOSTILE, PDF, hostile, office, open_document, png


def look(name: str, content: bytes):
    return inspect(io.BytesIO(content), name, len(content))


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_recognised(name):
    kind, content = HONEST[name]
    assert look(name, content).kind.key == kind


@pytest.mark.parametrize("what", HOSTILE)
def test_a_hostile_file_is_refused_with_a_reason(what):
    name, content, reason = hostile(what)
    start = time.process_time()
    with pytest.raises(RefusedFile, match=reason):
        look(name, content)
    assert time.process_time() - start < 5  # of work, whatever else the machine does


def test_a_file_is_refused_by_its_size_before_it_is_read():
    with pytest.raises(RefusedFile, match="20 Mo"):
        inspect(None, "etude.pdf", SIZE_LIMIT + 1)


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Temp\\étude finale.pdf", "étude finale.pdf"),
        ("..", "document"),
        (".htaccess", "htaccess"),
        ("a\r\nSet-Cookie: x=1.pdf", "a Set-Cookie x=1.pdf"),
        ('"><img src=x>.pdf', "img src=x.pdf"),
        ("x\x00.pdf", "x.pdf"),
        ("é" * 300 + ".pdf", "é" * 100 + ".pdf"),
    ],
)
def test_a_name_keeps_what_a_person_reads(given_name, kept):
    assert clean_name(given_name) == kept


@given(st.text(max_size=300))
def test_no_name_leads_out_of_its_folder(name):
    cleaned = clean_name(name)
    assert cleaned and "/" not in cleaned and "\\" not in cleaned and not cleaned.startswith(".")
    assert cleaned.isprintable() and len(cleaned) <= 111


@given(st.binary(max_size=400), st.sampled_from(["pdf", "png", "jpg", "webp", "docx", "odt", "csv", "txt"]))
def test_any_bytes_are_taken_or_refused_and_never_break(content, extension):
    try:
        look(f"x.{extension}", content)
    except RefusedFile as refusal:
        assert str(refusal).endswith(".")


@pytest.mark.parametrize("sample", [PDF, png(), office(), open_document()])
@given(data=st.data())
def test_a_damaged_file_is_taken_or_refused_and_never_breaks(sample, data):
    at = data.draw(st.integers(0, len(sample) - 1))
    damaged = sample[:at] + data.draw(st.binary(min_size=1, max_size=8)) + sample[at + 1 :]
    for extension in ("pdf", "png", "docx", "odt"):
        try:
            look(f"x.{extension}", damaged)
        except RefusedFile as refusal:
            assert str(refusal).endswith(".")
