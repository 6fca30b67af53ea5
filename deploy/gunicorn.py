"""How gunicorn serves the pages. Its own lines join those of the platform: JSON, on standard output."""

from pathlib import Path

from cooperation.environment import Environment

bind = "127.0.0.1:8000"
workers = 3
timeout = 60
control_socket_disable = True
# The sheets of a big import or a photograph sent from a village take their time; a worker that is stuck does not.
logconfig_dict = Environment.read(Path("var")).logging()
for name in ("gunicorn.error", "gunicorn.access"):
    logconfig_dict["loggers"][name] = {"level": "INFO", "handlers": ["out"], "propagate": False}
