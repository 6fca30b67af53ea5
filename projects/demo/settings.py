"""The settings of the demo's web process: those of a machine of one's own, and the error pages of an installation."""

from cooperation.settings import *  # noqa: F403

DEBUG = False  # visitors are told of a fault in French, not by Django's pages for developers
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # nothing is collected: static files are served where they are
