"""Write French as a printer would: amounts, dates, spaces and articles, as pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

NBSP = "\u00a0"
NNBSP = "\u202f"
MINUS = "\u2212"

# What is written after a figure, and never apart from it.
UNITS = "[€%‰]|[kM]€|h|min|[kcm]?m[²³]?|[kMG]o|ha|kg|t|[kM]Wh?"

# Spaces before a sign, read from the first of them only: a row of ten thousand was read again from each of them.
SPACES = r"(?<![ \u00a0\u202f])[ \u00a0\u202f]"

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip

DAYS_TOLD = 93  # beyond three months nobody counts in days

# INSEE's TNCC code: the article that belongs to the name, and what « de » becomes before it.
ARTICLES = {
    0: ("", "de "),
    1: ("", "d’"),
    2: ("Le ", "du "),
    3: ("La ", "de La "),
    4: ("Les ", "des "),
    5: ("L’", "de L’"),
    6: ("Aux ", "des "),
    7: ("Las ", "de Las "),
    8: ("Los ", "de Los "),
}
VOWELS = "AEIOUYÀÂÄÉÈÊËÎÏÔÖÙÛÜŒÆ"
# A number in figures that tells a rank; never a piece of an address, a figure with an exponent, nor four signs of a
# digest, which may end so: hence two figures at most.
RANK = r"(?<![\w./-])(?:1(?=er\b|re\b)|\d{1,2}(?=e\b(?![-+]\d)))"
MAY_HOLD_A_RANK = re.compile(r"\d(?:er|re|e)\b")  # asked of every page: three times as quick as the rank itself
# What is left as it is, or the rank where it is read and the letters that end it.
ORDINALS, ORDINALS_OUT_OF_LINKS = (
    re.compile(rf"(<({plain})\b.*?</\2>|<[^<>]*>)|({RANK})(er|re|e)", re.DOTALL)
    for plain in ("title|textarea|option|script|style|text", "title|text|a")
)


def number(value: Decimal | int | float, decimals: int | None = None) -> str:
    """1234.5 → « 1 234,5 »; `decimals` fixes the number of digits after the comma."""
    amount = Decimal(str(value))
    if decimals is not None:
        amount = amount.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    text = f"{abs(amount):,f}"
    if decimals is None and "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = MINUS if amount < 0 else ""
    return sign + text.replace(",", NNBSP).replace(".", ",")


def euros(value: Decimal | int | float, decimals: int = 2) -> str:
    """1234.5 → « 1 234,50 € »."""
    return f"{number(value, decimals)}{NBSP}€"


def percent(value: Decimal | int | float, decimals: int | None = None) -> str:
    """62.95 → « 62,95 % »; the value is already out of a hundred."""
    return f"{number(value, decimals)}{NNBSP}%"


def date_fr(value: date | datetime) -> str:
    """« 1er janvier 2027 », « 5 novembre 2026 », in local time when there is a clock."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    day = "1er" if value.day == 1 else str(value.day)
    return f"{day}{NBSP}{MONTHS[value.month - 1]}{NBSP}{value.year}"


def hour_fr(value: time | datetime | None) -> str:
    """« 18 h 30 », « 9 h », in local time when there is a day; nothing for nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.hour}{NBSP}h" + (f"{NBSP}{value.minute:02d}" if value.minute else "")


def typo(text: str) -> str:
    """Put the spaces and apostrophes of French typography where the keyboard put plain ones."""
    text = re.sub(r"(?<=\w)'(?=\w)", "’", text)
    text = re.sub(rf"{SPACES}+([;!?])", NNBSP + r"\1", text)
    text = re.sub(rf"{SPACES}+:", NBSP + ":", text)
    text = re.sub(r"«[ \u00a0\u202f]*", "«" + NBSP, text)
    text = re.sub(rf"{SPACES}*»", NBSP + "»", text)
    text = inner_quotes(text)
    text = re.sub(r"\bart\. (?=[LRD]\. )", f"art.{NBSP}", text)
    text = re.sub(r"\b([LRD])\. (?=\d)", rf"\1.{NBSP}", text)  # « art. L. 5211-1 » stays in one piece
    text = re.sub(rf"\b([LRD]\.{NBSP}\d[\d-]*) (?=[IVX]+\b)", rf"\1{NBSP}", text)  # « L. 5214-16 IV » too
    text = re.sub(r"(?<=\ben) (?=[€%‰](?!\w))", NBSP, text)  # « Poids, en % »
    text = re.sub(r"(n°|§) (?=\d)", rf"\1{NBSP}", text)
    text = re.sub(rf"(?<=\d[ {NBSP}]h) (?=\d\d\b)", NBSP, text)  # « 7 h 30 »
    text = re.sub(r"(?<![\d,.])\d{1,3}(?: \d{3})+(?!\d)", lambda one: one[0].replace(" ", NNBSP), text)  # « 33 300 »
    text = re.sub(rf"(?<=\d) (?=(?:{UNITS})(?!\w))", NBSP, text)
    return re.sub(r"\((\d+) (?=\w+\))", rf"(\1{NBSP}", text)  # « (12 places) »


def inner_quotes(text: str) -> str:
    """What is quoted inside a quotation stands between “ and ”; quotation marks that do not pair are left as they are.

    Lexique des règles typographiques de l’Imprimerie nationale, « guillemets ».
    """
    marks = re.split(rf"(«{NBSP}|{NBSP}»)", text)
    depth, told = 0, []
    for mark in marks:
        opens, closes = mark == f"«{NBSP}", mark == f"{NBSP}»"
        depth += opens
        told.append(mark if depth < 2 or not (opens or closes) else "“" if opens else "”")
        depth -= closes
        if depth < 0:
            return text
    return text if depth else "".join(told)


def quoted(text: str) -> str:
    """« Chantier “zéro déchet” »: a title, whatever its own quotation marks."""
    return typo(f"« {text} »")


def paragraphs(text: str) -> SafeString:
    """Text typed by someone, escaped, as paragraphs: a blank line separates, a line end breaks."""
    blocks = re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n").strip())
    lines = [str(escape(typo(block))).replace("\n", "<br>") for block in blocks if block.strip()]
    return mark_safe("".join(f"<p>{line}</p>" for line in lines))  # every block is escaped above


def raise_ordinals(html: str, *, in_links: bool = True) -> str:
    """Raise the end of « 1er », « 1re » and « 8e » wherever a page is read.

    Titles, fields, attributes and the words of a drawing hold nothing but letters.
    """
    if not MAY_HOLD_A_RANK.search(html):
        return html
    pattern = ORDINALS if in_links else ORDINALS_OUT_OF_LINKS
    return pattern.sub(lambda found: found[1] or f"{found[3]}<sup>{found[4]}</sup>", html)


def uncapitalized(text: str) -> str:
    """« jusqu’en 2025 » for « Jusqu’en 2025 »: a sentence that goes on inside another one."""
    return text[:1].lower() + text[1:]


def is_plural(count: Decimal | int | float) -> bool:
    """In French the plural begins at two: « 0 projet », « 1,5 point »."""
    return abs(count) >= 2


def plural(count: Decimal | int | float, one: str, many: str = "") -> str:
    """The words that agree with a number: « 0 projet créé », « 1,5 point », « 2 projets créés ».

    In the plural each word takes an s, unless `many` tells how they read together.
    """
    if not is_plural(count):
        return one
    return many or " ".join(word if word[-1:] in "sxz" else f"{word}s" for word in one.split(" "))


def counted(count: int, one: str, many: str = "") -> str:
    """A number and the words that agree with it: « 1 courriel parti », « 1 204 habitants »."""
    return f"{number(count)} {plural(count, one, many)}"


def elapsed(since: date, until: date) -> str:
    """How long it has been, as one says it: « moins d’un jour », « 45 jours », « 4 mois », « 1 an et 3 mois »."""
    days = (until - since).days
    if days < DAYS_TOLD:
        return counted(days, "jour") if days > 0 else "moins d’un jour"
    years, months = divmod(12 * (until.year - since.year) + until.month - since.month - (until.day < since.day), 12)
    return " et ".join(counted(count, unit) for count, unit in ((years, "an"), (months, "mois")) if count)


def listed(names: Sequence[str], most: int = 4) -> str:
    """« A, B et C », shortened beyond `most` names; nothing when there is none."""
    if len(names) > most:
        return f"{', '.join(names[:most])} et {counted(len(names) - most, 'autre')}"
    return f"{', '.join(names[:-1])} et {names[-1]}" if len(names) > 1 else "".join(names)


def with_de(name: str, tncc: int | str | None = None) -> str:
    """« de Corbie », « d’Amiens », « du Havre », « de La Rochelle », « des Ulis »: `tncc` is INSEE's code.

    The name may carry its article (LIBELLE) or not (NCCENR). Without a code, only the first letter is known.
    """
    name = name.replace("'", "’")
    if tncc is None or tncc == "":
        tncc = 1 if name[:1].upper() in VOWELS else 0
    article, preposition = ARTICLES.get(int(tncc), ARTICLES[0])
    if article and name.startswith(article):
        name = name[len(article) :]
    return preposition + name
