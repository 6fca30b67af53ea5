"""How the text document of a project looks: styles that a word processor lists by name, and whose user changes."""

from __future__ import annotations

from typing import Any

import odfdo

BRAND, SOFT, RULE = "#17504c", "#e8f1ee", "#9a917e"
WIDTH = 17.0  # centimetres between the margins of an A4 page
LETTER = 0.2  # centimetres, in a table; the fonts that may take the place of ours are wider
TITLE, SUBTITLE, TEXT = "Heading_20_1", "Heading_20_2", "Text_20_body"
OBJECTIVE, PICTURE, FOOTER = "Objectif_20_partagé", "Carte", "Pied_20_de_20_page"
CELL, HEAD, BOLD, NUMBER = "Cellule", "Cellule_titre", "Titre_de_colonne", "Nombre"
TABLE, ROW, HEAD_ROW = "Tableau", "Ligne", "Ligne_titre"
SANS = 'style:font-name="Liberation Sans" fo:font-family="\'Liberation Sans\'" style:font-family-generic="swiss"'


def paragraph(name: str, shown: str, properties: str, text: str, parent: str = "Standard", more: str = "") -> str:
    return (
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph" '
        f'style:parent-style-name="{parent}" {more}>'
        f"<style:paragraph-properties {properties}/><style:text-properties {text}/></style:style>"
    )


def heading(level: int, shown: str, properties: str, size: str) -> str:
    more = f'style:next-style-name="{TEXT}" style:default-outline-level="{level}" style:class="chapter"'
    text = f'{SANS} fo:font-size="{size}" fo:font-weight="bold" fo:font-style="normal" fo:color="{BRAND}"'
    return paragraph((TITLE, SUBTITLE)[level - 1], shown, f'{properties} fo:keep-with-next="always"', text, more=more)


# Those of the whole document, in the list of its user.
COMMON = (
    heading(1, "Heading 1", 'fo:margin-top="0cm" fo:margin-bottom="0.2cm"', "18pt"),
    heading(2, "Heading 2", 'fo:margin-top="0.5cm" fo:margin-bottom="0.15cm"', "12.5pt"),
    paragraph(
        OBJECTIVE,
        "Objectif partagé",
        f'fo:margin-top="0cm" fo:margin-bottom="0.2cm" fo:padding="0.25cm" fo:background-color="{SOFT}" '
        f'fo:border-left="2.5pt solid {BRAND}" fo:border-right="none" fo:border-top="none" fo:border-bottom="none"',
        'fo:font-size="11.5pt" fo:font-weight="bold"',
        parent=TEXT,
    ),
    paragraph(PICTURE, "Carte", 'fo:margin-bottom="0.2cm" fo:text-align="center"', "", parent=TEXT),
    paragraph(
        FOOTER,
        "Pied de page",
        f'fo:border-top="0.5pt solid {RULE}" fo:padding-top="0.1cm"',
        'fo:font-size="8.5pt"',
        more='style:class="extra"',
    ),
)
# Those of its tables: a row is not cut by the end of a page, nor the header left alone there.
OWN = (
    paragraph(BOLD, "Titre de colonne", 'fo:keep-with-next="always"', 'fo:font-weight="bold" fo:font-size="9.5pt"'),
    paragraph("Case", "Case", "", 'fo:font-size="9.5pt"'),
    paragraph(NUMBER, "Nombre", 'fo:text-align="end"', 'fo:font-size="9.5pt"'),
    f'<style:style style:name="{TABLE}" style:family="table"><style:table-properties style:width="{WIDTH}cm" '
    'table:align="left" fo:margin-bottom="0.3cm"/></style:style>',
    f'<style:style style:name="{ROW}" style:family="table-row"><style:table-row-properties fo:keep-together="always"/>'
    "</style:style>",
    f'<style:style style:name="{CELL}" style:family="table-cell"><style:table-cell-properties '
    f'fo:border="0.5pt solid {RULE}" fo:padding="0.1cm"/></style:style>',
    f'<style:style style:name="{HEAD}" style:family="table-cell"><style:table-cell-properties '
    f'fo:border="0.5pt solid {RULE}" fo:padding="0.1cm" fo:background-color="{SOFT}"/></style:style>',
)


def dress(document: odfdo.Document, said: str) -> None:
    """Give a document our styles in the place of those of the library, and `said` at the foot of its pages."""
    styles: Any = document.get_part("styles.xml")
    for numbered in styles.get_elements("//text:outline-style"):
        numbered.delete()  # which writes « 1.1. » before each title
    default = styles.get_element("//style:default-style[@style:family='paragraph']/style:text-properties")
    default.set_attribute("style:font-name", "Liberation Sans")
    default.set_attribute("fo:font-size", "10.5pt")
    for name in (TITLE, SUBTITLE):
        styles.get_element(f"//style:style[@style:name='{name}']").delete()
    for xml in COMMON:
        document.insert_style(xml)
    for xml in OWN:
        document.insert_style(xml, automatic=True)
    layout = styles.get_element("//style:page-layout/style:footer-style")
    layout.append(
        odfdo.Element.from_tag('<style:header-footer-properties fo:min-height="0.8cm" fo:margin-top="0.4cm"/>')
    )
    line = odfdo.Paragraph(f"{said} — page ", style=FOOTER)
    line.append(odfdo.Element.from_tag('<text:page-number text:select-page="current">1</text:page-number>'))
    footer = odfdo.Element.from_tag("style:footer")
    footer.append(line)
    styles.get_element("//style:master-page").append(footer)


def widths_of(columns: list[list[str]]) -> list[float]:
    """Share the width of the page, in centimetres: to each column its longest word, then what its texts ask for.

    A space that does not break makes one word: `split()` alone would cut a date there.
    """
    least, more = [], []
    for cells in columns:
        word = max((len(word) for cell in cells for line in cell.splitlines() for word in line.split(" ")), default=1)
        least.append(LETTER * min(word, 20) + 0.3)
        more.append(max(0, min(60, max(map(len, cells))) - min(word, 20)) + 1)
    spare = WIDTH - sum(least)
    if spare < 0:
        return [round(WIDTH * one / sum(least), 2) for one in least]
    return [round(one + spare * wish / sum(more), 2) for one, wish in zip(least, more, strict=True)]


def insert_column(document: odfdo.Document, width: float) -> str:
    """The name of the style of a column of this width, made when it is not there."""
    name = f"Colonne_{round(width * 100)}"
    document.insert_style(
        f'<style:style style:name="{name}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{width}cm"/></style:style>',
        automatic=True,
    )
    return name
