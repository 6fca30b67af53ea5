"""The demonstration never pretends to run: a process that dies ends the others and is named."""

import os
import signal
import socket
import subprocess
import sys

import pytest
from django.core.management import CommandError

from projects.management.commands import demo
from projects.management.commands.demo import watch

DEVELOPERS = "DJANGO_SETTINGS_MODULE=cooperation.settings"


def test_a_process_that_dies_ends_the_others_and_is_named():
    sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    dying = subprocess.Popen([sys.executable, "-c", "raise SystemExit(3)"])
    with pytest.raises(CommandError, match="Le serveur web s’est arrêté tout seul"):
        watch({"Le serveur web": dying, "L’ouvrier": sleeping})
    assert sleeping.poll() is not None


def test_ctrl_c_ends_everything_quietly(monkeypatch):
    sleeping = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

    def interrupted(_):
        monkeypatch.undo()  # only the first wait is interrupted
        raise KeyboardInterrupt

    monkeypatch.setattr("projects.management.commands.demo.time.sleep", interrupted)
    watch({"Le serveur web": sleeping})
    assert sleeping.poll() is not None


def test_one_that_does_not_hear_is_killed(monkeypatch):
    monkeypatch.setattr(demo, "PATIENCE", 0.5)
    ignore = "signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    deaf = f"import signal, time; {ignore}; print('ready', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE)
    process.stdout.readline()
    process.terminate()
    demo.stop(process)
    assert process.returncode == -signal.SIGKILL


def test_a_port_that_is_taken_is_said_in_one_line_with_another_to_try():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(CommandError) as refused:
        demo.refuse_a_busy_port(port := taken.getsockname()[1])
    assert str(refused.value) == f"Le port {port} est déjà pris : choisissez-en un autre, PORT={port + 1} make demo."


@pytest.mark.parametrize("port", ["0", "70000", "abc", "-1", "80.5", ""])
def test_a_port_that_does_not_exist_is_said(port):
    with pytest.raises(CommandError, match="n’existe pas"):
        demo.number_of(port)


@pytest.mark.parametrize("told", ["", "http://demo.example"])
def test_the_links_of_the_mails_lead_to_the_port_that_was_chosen(monkeypatch, told):
    started = []
    monkeypatch.delenv("SITE_URL", raising=False)
    if told:
        monkeypatch.setenv("SITE_URL", told)
    monkeypatch.setattr(demo.signal, "signal", lambda *_: None)
    monkeypatch.setattr(demo.subprocess, "Popen", lambda command, env, **_: started.append(env["SITE_URL"]))
    monkeypatch.setattr(demo, "watch", lambda processes: None)
    demo.run_together(8457)
    assert set(started) == {told or "http://127.0.0.1:8457"}


VISIT = """
from cooperation.wsgi import application
from django.test import Client
visitor = Client(headers={"host": "127.0.0.1"})
print("Cette page n’existe pas" in visitor.get("/nulle-part/").text, visitor.get("/static/css/base.css").status_code)
print("Les composants" in visitor.get("/composants/").text)
"""


@pytest.mark.parametrize(("shown", "said"), [(demo.SHOWN[1], "True 200"), (DEVELOPERS, "False 200")])
def test_a_visitor_reads_our_error_pages_and_a_developer_those_of_django(tmp_path, shown, said):
    told = dict([shown.split("=")]) | {"DEBUG": "1", "DATABASE_URL": f"sqlite:///{tmp_path / 'demo.sqlite3'}"}
    command = [sys.executable, "-c", VISIT]
    visit = subprocess.run(command, env=os.environ | told, capture_output=True, text=True, check=True)
    assert visit.stdout.splitlines()[-2:] == [said, "True"]
