"""Read the article of each commune (TNCC) in INSEE's official geographic code, where it is said and not guessed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from cooperation.spelling import fold_words
from cooperation.spreadsheets import SpreadsheetError, read_rows
from territories.importers.places import Tally, padded_code, store_differences
from territories.places.models import Commune

COLUMNS = ("typecom", "com", "tncc", "libelle")


@dataclass(slots=True)
class Articles:
    """The article and the name of each commune by INSEE code, and how many lines were not communes."""

    by_code: dict[str, tuple[str, str]] = field(default_factory=dict)
    others: int = 0


def read_articles(path: Path | str) -> Articles:
    """Read communes only (TYPECOM = COM): a delegated commune often bears the code of the commune it belongs to."""
    articles = Articles()
    for line, raw in read_rows(path):
        missing = [column.upper() for column in COLUMNS if column not in raw]
        if missing:
            raise SpreadsheetError(
                f"« {Path(path).name} » n’est pas le fichier des communes du code officiel géographique : "
                f"il manque {', '.join(missing)}."
            )
        if raw["typecom"] != "COM":
            articles.others += any(raw.values())
            continue
        if raw["tncc"] not in set("012345678"):
            raise SpreadsheetError(f"l’article « {raw['tncc']} » (TNCC) n’est pas un chiffre de 0 à 8.", line)
        articles.by_code[padded_code(raw["com"].upper())] = (raw["tncc"], raw["libelle"])
    if not articles.by_code:
        raise SpreadsheetError(f"« {Path(path).name} » ne contient aucune commune.")
    return articles


def store_articles(articles: Articles) -> tuple[Tally, list[str]]:
    """Store the articles that differ; also return the communes that bear another name there, left as they were."""
    stored = {commune.insee_code: commune for commune in Commune.objects.all()}
    wanted, renamed = {}, []
    for code, commune in stored.items():
        if code not in articles.by_code:
            continue
        tncc, name = articles.by_code[code]
        if fold_words(name) == fold_words(commune.name):
            wanted[code] = {"tncc": tncc}
        else:
            renamed.append(f"{code} {commune.name} → {name}")
    return store_differences(Commune, "insee_code", wanted, stored, label="articles"), sorted(renamed)
