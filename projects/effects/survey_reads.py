"""What pages and prints show of surveys. Whatever is shown comes from `Survey.result`: below five answers, nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Prefetch, QuerySet

from cooperation.drawing.bars import Bar, Share, draw_bar
from cooperation.french import counted, date_fr, number, percent, plural
from projects.effects.satisfaction import MASKED_BELOW, SCORES, Result
from projects.effects.survey_models import Survey, Verbatim
from projects.proposals.models import Project

NARROW = 340  # as wide as a telephone, so that numbers stay readable there
# From the least to the most satisfied, each with its own texture; the most satisfied is the plain one.
FAMILIES = {1: 3, 2: 2, 3: 5, 4: 1, 5: 0}
NAMES = {1: "1, la plus basse", 5: "5, la plus haute"}
MASKED = "Moins de cinq personnes ont répondu : rien n’est montré de leurs réponses, pour que personne ne soit reconnu."


@dataclass(frozen=True)
class Reading:
    """A survey as it is told; a masked one keeps its title, its dates and whom it asked."""

    survey: Survey
    result: Result | None
    bar: Bar | None
    rows: list[tuple[str, int, str]]  # score, answers, per cent
    sentences: list[str]
    verbatims: list[str]
    masked: str = ""

    @property
    def mean(self) -> str:
        return number(self.result.mean, 2) if self.result else "—"

    @property
    def satisfied(self) -> str:
        return percent(self.result.satisfied, 1) if self.result else "—"

    @property
    def rate(self) -> str:
        return percent(self.result.rate, 0) if self.result and self.result.rate is not None else "—"

    @property
    def answers(self) -> str:
        return number(self.result.answers) if self.result else f"moins de {MASKED_BELOW}"

    @property
    def about(self) -> str:
        """The service, then whom it asked unless the title says so already."""
        survey = self.survey
        return survey.service if survey.audience == survey.title else f"{survey.service}, {survey.audience}"

    @property
    def dates(self) -> str:
        survey = self.survey
        if survey.starts_on == survey.ends_on:
            return f"le {date_fr(survey.starts_on)}"
        return f"du {date_fr(survey.starts_on)} au {date_fr(survey.ends_on)}"


def with_words(surveys: QuerySet[Survey]) -> QuerySet[Survey]:
    """Bring along the words that were read over."""
    return surveys.select_related("project").prefetch_related(
        Prefetch("verbatims", Verbatim.objects.moderated(), to_attr="read_over")
    )


def give_words(surveys: Iterable[Survey], *, until: datetime) -> None:
    """Bring along, as `with_words` does, the words read over by a past moment; removed since, they left no trace."""
    found: dict[int, list[Verbatim]] = defaultdict(list)
    surveys = list(surveys)
    words = Verbatim.objects.moderated().filter(survey__in=[one.pk for one in surveys], moderated_at__lte=until)
    for one in words:
        found[one.survey_id].append(one)
    for survey in surveys:
        survey.read_over = found[survey.pk]  # type: ignore[attr-defined]


def reading_of(survey: Survey, *, width: float = NARROW) -> Reading:
    """Tell a survey that brought its words (`with_words`)."""
    result = survey.result
    if result is None:
        return Reading(survey, None, None, [], [], [], MASKED)
    rows = [
        (NAMES.get(score, str(score)), count, percent(part, 1))
        for score, count, part in zip(SCORES, result.counts, result.percents, strict=True)
    ]
    bar = draw_bar(
        [
            Share(str(score), Decimal(count), FAMILIES[score], score)
            for score, count in zip(SCORES, result.counts, strict=True)
        ],
        title=f"{survey.title}, part de chaque note : " + ", ".join(f"{name} : {part}" for name, _, part in rows),
        width=width,
    )
    return Reading(survey, result, bar, rows, sentences_of(survey, result), [one.text for one in survey.read_over])


def sentences_of(survey: Survey, result: Result) -> list[str]:
    """How many answered, who did not, and how sure the figures are."""
    said = [counted(result.answers, "réponse")]
    if survey.sent:
        said[0] += f" pour {counted(survey.sent, 'personne interrogée')}"
        missing = survey.sent - result.answers
        if missing:
            said.append(counted(missing, "personne n’a pas répondu", "personnes n’ont pas répondu"))
    if survey.silent:
        said.append(f"Qui n’a pas répondu : {survey.silent.rstrip('.')}")
    if result.margin is not None:
        said.append(
            f"Marge d’erreur : {number(result.margin, 1)} {plural(result.margin, 'point')}, en plus ou en moins"
        )
    else:
        said.append("Ont répondu celles et ceux qui l’ont voulu : ces chiffres ne valent que pour eux")
    return [f"{one}." for one in said]


def readings_of(surveys: Iterable[Survey]) -> list[Reading]:
    return [reading_of(survey) for survey in surveys]


def told_of(project: Project) -> list[Reading]:
    """The surveys of a project, the latest first."""
    return readings_of(with_words(project.surveys.all()))
