"""The demo territory: files that anyone can read (`val_d_orvelle/`), checked, then loaded room by room.

files  ◄  places, people, strategy, proposals, funding, sessions, levers, calendar…  ◄  load, clear
"""

from projects.demo.files import Account, DemoDataError, accounts

__all__ = ["Account", "DemoDataError", "accounts"]
