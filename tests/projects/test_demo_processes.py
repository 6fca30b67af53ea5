"""The demonstration never pretends to run: a process that dies ends the others and is named."""

import subprocess
import sys

import pytest
from django.core.management import CommandError

from projects.management.commands.demo import watch


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
