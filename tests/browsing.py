"""What a person does in a browser, for the tests: come in, follow a link, press a button, with or without a mouse.

A page that is asked for comes when it comes: each of these waits until it is there, whole and with its scripts. What is
read before that is read of a page half written, on a machine at work.
"""

from __future__ import annotations

from django.conf import settings
from django.test import Client

from partners.people.models import User

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
FAR = 150  # presses of the tab key after which something is out of reach
FOCUSED = """() => {
    const one = document.activeElement;
    const said = one === document.body ? "" : one.ariaLabel || one.labels?.[0]?.innerText || one.innerText || one.value;
    const shown = getComputedStyle(one).outlineStyle !== "none";
    return [(said || "").trim(), shown];
}"""


def sign_in(page, live_server, email):
    """Come in as somebody else, as after signing in."""
    client = Client()
    client.force_login(User.objects.get(email=email), BACKEND)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.clear_cookies()
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": live_server.url}])


def follow(page, target):
    """Press this with the mouse, and wait for the page that it leads to."""
    with page.expect_navigation():
        target.click()


def press(page, role, name):
    """Press a link or a button with the keyboard, and wait for the page that it leads to."""
    target = page.get_by_role(role, name=name).first
    target.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def reach(page, words):
    """Go, one press of the tab key after the other, to what these words name; it is seen to have been reached."""
    for _ in range(FAR):
        said, is_shown = page.evaluate(FOCUSED)
        if said.startswith(words):
            assert is_shown, f"« {words} » est atteint sans que rien ne le montre."
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"« {words} » ne s’atteint pas avec la touche de tabulation.")
