"""The index report as plain values, in one language: what page and PDF both show."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from indexanalysis.charts import Bars, bars
from indexanalysis.edition import TAGS, Edition, Question, Section
from indexanalysis.scoring import LEFT_OUT, SIDES, Answer, Scores, is_unanswered, score, whole, won

FEWEST = 5  # questions behind a profile that may be shown


@dataclass(frozen=True)
class Given:
    """What the municipality wrote to one question."""

    value: Answer
    example: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Recommended:
    """An issued recommendation, in the words to be shown, and what the municipality answered."""

    number: int
    section: str  # code
    questions: tuple[str, ...]  # codes
    priority: int  # 1, the highest, to 3
    language: str  # of title, text and reason: the report's own where they exist in it
    title: str
    text: str
    reason: str
    is_taken_up: bool | None  # None: not answered yet
    response: str  # in the language in which it was written
    responded_on: date | None


@dataclass(frozen=True)
class SideAnswer:
    side: str  # "fi", "sv", or "" where the question is asked once
    texts: tuple[str, ...]  # the chosen options' texts, a number or a text; empty: unanswered
    left_out: str  # one of LEFT_OUT, or ""


@dataclass(frozen=True)
class Row:
    code: str
    text: str
    sides: tuple[SideAnswer, ...]
    earned: int | None  # whole percent of the question's points; None: left out or not scored
    is_unanswered: bool
    example: str
    reason: str


@dataclass(frozen=True)
class Chapter:
    number: int
    code: str
    title: str
    introduction: str
    area: str  # the area's title; the section's own where the area has one section
    counts_in: str  # core, extended or none
    score: int | None  # whole percent
    questions: int  # scored, applicable questions behind the score
    bar: Bars
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class AreaLine:
    title: str
    score: int | None
    counts_in: str
    questions: int


@dataclass(frozen=True)
class ProfileLine:
    kind: str  # policy_areas, dimensions or principles
    code: str
    score: int
    questions: int


@dataclass(frozen=True)
class Report:
    municipality: str
    edition: str
    checksum: str
    source: str
    submitted_on: date
    core: int | None  # whole percent
    extended: int | None
    areas: tuple[AreaLine, ...]
    overview: Bars
    strongest: tuple[str, ...]  # titles of the sections with the highest scores
    weakest: tuple[str, ...]
    profiles: tuple[ProfileLine, ...]
    chapters: tuple[Chapter, ...]
    recommendations: tuple[tuple[str, Recommended], ...]  # each with its section's title
    unanswered: tuple[str, ...]  # codes
    left_out: tuple[Row, ...]
    questions: int


def report(
    edition: Edition,
    given: Mapping[str, Given],
    *,
    municipality: str,
    submitted_on: date,
    language: str,
    recommendations: Iterable[Recommended] = (),
) -> Report:
    """Return the report of the answers `given` by question code, worded in `language`."""
    scores = score(edition, {code: answer.value for code, answer in given.items()})
    chapters = tuple(
        chapter(edition, section, number, given, scores, language)
        for number, section in enumerate(edition.sections, 1)
    )
    strongest, weakest = extremes(chapters)
    return Report(
        municipality=municipality,
        edition=edition.title.in_language(language),
        checksum=edition.checksum,
        source=edition.source,
        submitted_on=submitted_on,
        core=shown(scores.core_index),
        extended=shown(scores.extended_index),
        areas=tuple(area_lines(edition, scores, language)),
        overview=bars((c.title, c.score) for c in chapters),
        strongest=strongest,
        weakest=weakest,
        profiles=tuple(profile_lines(scores)),
        chapters=chapters,
        recommendations=tuple(
            (edition.section(r.section).title.in_language(language), r) for r in recommendations
        ),
        unanswered=scores.unanswered,
        left_out=tuple(
            row for c in chapters for row in c.rows if any(side.left_out for side in row.sides)
        ),
        questions=len(edition.questions),
    )


def shown(score: float | None) -> int | None:
    return None if score is None else whole(score)


def chapter(
    edition: Edition,
    section: Section,
    number: int,
    given: Mapping[str, Given],
    scores: Scores,
    language: str,
) -> Chapter:
    area = edition.area_of(section.code)
    title = section.title.in_language(language)
    own = shown(scores.sections[section.code])
    return Chapter(
        number=number,
        code=section.code,
        title=title,
        introduction=section.introduction.in_language(language),
        area=area.title.in_language(language),
        counts_in=area.counts_in,
        score=own,
        questions=scores.questions["sections"][section.code],
        bar=bars([(title, own)]),
        rows=tuple(row(q, given.get(q.code, Given(None)), language) for q in section.questions),
    )


def row(question: Question, given: Given, language: str) -> Row:
    earned = won(question, given.value)
    return Row(
        code=question.code,
        text=question.text.in_language(language),
        sides=tuple(side_answers(question, given.value, language)),
        earned=None if earned is None else whole(100 * float(earned)),
        is_unanswered=is_unanswered(given.value),
        example=given.example,
        reason=given.reason,
    )


def side_answers(question: Question, value: Answer, language: str) -> Iterable[SideAnswer]:
    sides = {s: value.get(s) for s in SIDES} if isinstance(value, Mapping) else {"": value}
    words = {option.code: option.text.in_language(language) for option in question.options}
    for side, own in sides.items():
        if own in LEFT_OUT:
            yield SideAnswer(side, (), str(own))
        else:
            yield SideAnswer(side, tuple(words.get(c, c) for c in codes(own)), "")


def codes(value: object) -> list[str]:
    """Return an answer's parts as texts: the codes ticked, or the one thing chosen or written."""
    if value is None or value == "":
        return []
    if isinstance(value, list | tuple | set | frozenset):
        return [str(code) for code in value]
    return [f"{value:g}" if isinstance(value, float) else str(value)]


def area_lines(edition: Edition, scores: Scores, language: str) -> Iterable[AreaLine]:
    counts = scores.questions["sections"]
    for area in edition.areas:
        behind = sum(counts[section] for section in area.sections)
        title = area.title.in_language(language)
        yield AreaLine(title, shown(scores.areas[area.code]), area.counts_in, behind)


def profile_lines(scores: Scores) -> Iterable[ProfileLine]:
    """The profiles that rest on enough questions; on fewer they would say more than they know."""
    for kind in TAGS:
        for tag, value in scores.profiles[kind].items():
            behind = scores.questions[kind][tag]
            if value is not None and behind >= FEWEST:
                yield ProfileLine(kind, tag, whole(value), behind)


def extremes(chapters: Iterable[Chapter], most: int = 3) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the titles of the highest and the lowest sections, none of them in both.

    Equal scores keep the edition's order.
    """
    scored = [(c.score, c.title) for c in chapters if c.score is not None]
    ordered = sorted(scored, key=lambda pair: -pair[0])
    count = min(most, len(ordered) // 2)
    lowest = sorted(ordered[len(ordered) - count :], key=lambda pair: pair[0])
    return tuple(t for _, t in ordered[:count]), tuple(t for _, t in lowest)
