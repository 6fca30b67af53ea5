"""How gunicorn serves the pages. Its own lines join those of the platform: JSON, on standard output."""

from pathlib import Path

from cooperation.environment import Environment

bind = "127.0.0.1:8000"
workers = 3
# Somebody who waits for a short print, or sends a photograph from a village, keeps a thread and not a whole process:
# the pages of the others are served meanwhile.
worker_class = "gthread"
threads = 4
timeout = 60
control_socket_disable = True
logconfig_dict = Environment.read(Path("var")).logging()
for name in ("gunicorn.error", "gunicorn.access"):
    logconfig_dict["loggers"][name] = {"level": "INFO", "handlers": ["out"], "propagate": False}
