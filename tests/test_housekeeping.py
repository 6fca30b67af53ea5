"""What must not be in the repository, and what must: checked on the files that git follows."""

import re
import subprocess
import sys
from fnmatch import fnmatch

import pytest
from django.conf import settings
from django.core.management import call_command

TEXT = {".py", ".html", ".css", ".js", ".md", ".toml", ".yaml", ".txt", ".sh", ".service", ".conf", ""}
# Written in two pieces, so that this file does not hold what it forbids.
FORBIDDEN = {
    "a path of one machine": re.compile(r"(?<![\w.\-/])/(?:wo" r"rk|ro" r"ot|far" r"m)/"),
    "the host of a registry": re.compile(r"https?://[^\s\"']*(?:py" r"pi|pythonho" r"sted|npm" r"js|deb\.deb" r"ian)"),
}

# French puts an unbreakable space inside « » and before : ; ? ! % €; one is typed, or `|typo` writes it.
# An article of the law stays in one piece: « art. L. 5211-10 ».
PLAIN_SPACE = re.compile(
    r"(?<!,) [:;?!](?=[\s<\"'»)\xa0]|$)| »|« |«(?=\w)|\w»|(?<=\d) [%€]|\bart\. (?=[LRD]\.)|\b[LRD]\. (?=\d)"
)
NOT_WORDS = re.compile(r"{%\s*comment.*?{%\s*endcomment\s*%}|{#.*?#}|<script.*?</script>|<style.*?</style>", re.S)
OF_THE_TEMPLATE = re.compile(r"{%.*?%}|{{.*?}}", re.S)
QUOTED = re.compile(r"""("[^"]*"|'[^']*')(?!\|typo)""")


HELD = re.compile(r"(?:^|[/_])(?:services|access|workflow|rules)\.py$|/(?:importers|printing|drawing)/\w+\.py$")


def followed_files():
    done = subprocess.run(["git", "ls-files", "-z"], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True)
    names = [name for name in done.stdout.split("\0") if name]
    return [path for name in names if (path := settings.BASE_DIR / name).suffix in TEXT and path.is_file()]


@pytest.mark.parametrize("what", FORBIDDEN)
def test_no_file_holds(what):
    found = [str(path) for path in followed_files() if FORBIDDEN[what].search(path.read_text(errors="replace"))]
    assert found == []


def test_rights_verbs_rules_importers_printing_and_drawing_are_all_typed():
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    patterns = makefile.partition("TYPED := ")[2].partition("\n\n")[0].replace("'", "").replace("\\", "").split()
    names = [str(path.relative_to(settings.BASE_DIR)) for path in followed_files() if path.suffix == ".py"]
    held = [name for name in names if HELD.search(name) and not name.startswith("tests/")]
    assert len(held) > 80
    assert [name for name in held if not any(fnmatch(name, pattern) for pattern in patterns)] == []


def plain_spaces(text):
    """Where the words of a template, or those it hands to another, have a space at which a line may break."""
    text = NOT_WORDS.sub("", text)
    written = [
        *OF_THE_TEMPLATE.split(text),
        *(word for tag in OF_THE_TEMPLATE.findall(text) for word in QUOTED.findall(tag)),
    ]
    return [
        part[max(0, found.start() - 20) : found.end() + 20] for part in written for found in PLAIN_SPACE.finditer(part)
    ]


AGREED_BY_HAND = re.compile(r"""["']s["'] (?:if|\*)|\|pluralize""")


def test_a_number_and_its_noun_agree_through_one_rule():
    """Django's plural begins at zero, and an s written by hand is forgotten: `cooperation.french` has both words."""
    written = [
        path for path in followed_files() if path.suffix in {".py", ".html", ".txt"} and "tests" not in path.parts
    ]
    assert len(written) > 700
    assert [str(path) for path in written if AGREED_BY_HAND.search(path.read_text())] == []


@pytest.mark.parametrize("text", ["{'s' if n > 1 else ''}", '"s" * (n > 1)', "projet{{ n|pluralize }}"])
def test_an_s_written_by_hand_is_seen(text):
    assert AGREED_BY_HAND.search(text)


def test_french_punctuation_stays_with_its_word_in_every_template():
    templates = [path for path in followed_files() if path.is_relative_to(settings.BASE_DIR / "templates")]
    assert len(templates) > 300
    found = {path.name: spaces for path in templates if (spaces := plain_spaces(path.read_text()))}
    assert found == {}


@pytest.mark.parametrize(
    "text",
    [
        "<p>Le vote : reçu</p>",
        "{{ name }} : {{ said }}",
        "« {{ title }} »",
        '{% include "x" with text="Où ?" only %}',
        "20 %",
        "(CGCT, art. L.\xa05211-10)",
        "(CGCT, art.\xa0D. 5211-16)",
    ],
)
def test_a_space_that_lets_punctuation_go_alone_is_seen(text):
    assert plain_spaces(text)


@pytest.mark.parametrize(
    "text", ["Le vote\xa0: reçu", '{{ " : "|typo }}', "{# a : b #}", '<a href="?a=1&amp;b=2">', "oui, ? non"]
)
def test_spaces_well_written_are_left_alone(text):
    assert not plain_spaces(text)


FORMS = [
    "projects/convergence/interest", "projects/deliberation/agenda_edit", "projects/deliberation/agenda_remove",
    "projects/deliberation/decide", "projects/deliberation/session_form", "projects/deliberation/correct",
    "projects/delegated/act", "projects/minutes/minutes", "territories/consultations/create",
]  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_a_form_on_a_page_of_its_own_may_be_left_without_changing_anything(name):
    page = (settings.BASE_DIR / "templates" / f"{name}.html").read_text()
    assert re.search(r'<a class="button button--quiet" href="[^"]+">Annuler</a>', page)


def test_migrations_are_named_as_sentences():
    migrations = [path for path in followed_files() if path.parent.name == "migrations"]
    assert [str(path) for path in migrations if "_auto_" in path.name] == []


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.fixture(scope="module")
def start_in_production():
    """A start with the settings of production and its check: how it ended, what it said, the modules it loaded."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "SECRET_KEY": "".join(chr(33 + n % 90) for n in range(70)),
        "ALLOWED_HOSTS": "projets.mon-epci.fr",
        "SITE_URL": "https://projets.mon-epci.fr",
    }
    command = [sys.executable, "-X", "importtime", "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    told = done.stderr.splitlines()
    loaded = {line.rpartition("|")[2].strip() for line in told if line.startswith("import time:")}
    said = done.stdout + "\n".join(line for line in told if not line.startswith("import time:"))
    return done.returncode, said, loaded


def test_production_settings_pass_the_deployment_check(start_in_production):
    code, said, _ = start_in_production
    assert code == 0, said
    assert "no issues (0 silenced)" in said


def test_a_start_does_not_wait_for_what_few_requests_need(start_in_production):
    """What prints, draws a map, reads or writes a workbook loads its library then: each process pays for its start."""
    *_, loaded = start_in_production
    assert {"projects.report.urls", "cooperation.drawing.maps", "cooperation.spreadsheets.writing"} <= loaded
    assert loaded & {"fontTools", "numpy", "odfdo", "openpyxl", "shapely", "weasyprint"} == set()
