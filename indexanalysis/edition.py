"""An edition of the index: its questions, options, points and texts, read from a TOML file.

A published edition never changes: its checksum is stored with every round that uses it.
"""

import functools
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

from applications.areas import POLICY_AREAS
from indexanalysis.tables import LANGUAGES, Table, read
from indexanalysis.tables import EditionError as EditionError
from indexanalysis.tables import Text as Text

EDITIONS = Path(__file__).with_name("editions")
KINDS = ("choice", "scale", "ticks", "number", "text")
COUNTS_IN = ("core", "extended", "none")
HOW = ("same", "reworded", "split", "merged")  # a question descends from an older edition's
BUILT_IN = ("not_applicable", "another_body", "no_data")  # answers to any question, never options
TAGS = {
    "policy_areas": POLICY_AREAS,
    "dimensions": ("attitudes", "security", "interaction", "participation_and_influence"),
    "principles": (
        "equality",
        "diversity_advantage",
        "meaningful_interaction",
        "active_citizenship",
    ),
}


@dataclass(frozen=True)
class Option:
    code: str
    text: Text
    share: Fraction | None  # of the question's points, 0 to 1; None on ticks
    needs_decision: bool  # "planned": asks for the body that decided, and the date
    none: bool  # "none of these": excludes the other ticks


@dataclass(frozen=True)
class Suggestion:
    below: Fraction  # shown where the question earned at most this share of its points
    text: Text


@dataclass(frozen=True)
class Contradiction:
    code: str  # the other question
    when: str  # the option here
    other: str  # the option there
    why: Text


@dataclass(frozen=True)
class Origin:
    edition: str
    code: str
    how: str  # one of HOW


@dataclass(frozen=True)
class Question:
    code: str
    section: str
    kind: str  # one of KINDS
    text: Text
    hint: Text
    example: Text | None  # prompt for the free-text example
    points: Fraction  # possible; 0: not scored
    full_at: int | None  # ticks: so many earn all points
    sectors: tuple[str, ...]  # whom to ask first
    language_sides: bool  # asked once per language side in bilingual municipalities
    essential: bool  # shown first in the small mode
    policy_areas: tuple[str, ...]
    dimensions: tuple[str, ...]
    principles: tuple[str, ...]
    descends_from: tuple[Origin, ...]
    contradicts: tuple[Contradiction, ...]
    options: tuple[Option, ...]
    suggestions: tuple[Suggestion, ...]

    @property
    def scored(self) -> bool:
        return self.points > 0

    @property
    def tags(self) -> frozenset[str]:
        return frozenset(self.policy_areas + self.dimensions + self.principles)

    @property
    def option_codes(self) -> tuple[str, ...]:
        return tuple(option.code for option in self.options)

    @functools.cached_property
    def shares(self) -> Mapping[str, Fraction]:
        """Each option's share of the points, 0 to 1; options that carry none are not in it."""
        if self.kind != "ticks":
            return {o.code: o.share for o in self.options if o.share is not None}
        each = Fraction(1, self.full_at) if self.full_at else Fraction()
        return {option.code: Fraction() if option.none else each for option in self.options}


@dataclass(frozen=True)
class Section:
    code: str
    title: Text
    introduction: Text
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Area:
    code: str
    title: Text
    counts_in: str  # one of COUNTS_IN
    weight: Fraction  # above 0, relative to the other areas
    sections: tuple[str, ...]


@dataclass(frozen=True)
class ComparisonClass:
    code: str
    borders: tuple[Fraction, ...]  # rising; n borders make n + 1 classes


@dataclass(frozen=True)
class Edition:
    code: str
    title: Text
    source: str
    languages: tuple[str, ...]
    classes: tuple[ComparisonClass, ...]
    areas: tuple[Area, ...]
    sections: tuple[Section, ...]
    checksum: str  # SHA-256 of the file's bytes, in hexadecimal

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(self._questions.values())

    def question(self, code: str) -> Question:
        """Return the question of that code. Raises KeyError, as the other look-ups do."""
        return self._questions[code]

    def section(self, code: str) -> Section:
        return {section.code: section for section in self.sections}[code]

    def area_of(self, section_code: str) -> Area:
        return {code: area for area in self.areas for code in area.sections}[section_code]

    @functools.cached_property
    def _questions(self) -> dict[str, Question]:
        return {question.code: question for s in self.sections for question in s.questions}


def codes() -> tuple[str, ...]:
    """Return the codes of the editions that are shipped, in order."""
    names = sorted(path.stem for path in EDITIONS.glob("*.toml"))
    return tuple(name for name in names if re.fullmatch("[0-9a-z-]+", name))


@functools.cache
def load(code: str) -> Edition:
    """Return a shipped edition. Raises KeyError where there is none of that code."""
    if code not in codes():
        raise KeyError(code)
    edition = parse((EDITIONS / f"{code}.toml").read_bytes())
    if edition.code != code:
        raise EditionError(None, f"{code}.toml holds the edition {edition.code!r}")
    return edition


def parse(content: bytes) -> Edition:
    """Return the edition that a file holds. Raises EditionError at the first fault."""
    file = read(content)
    file.allow("edition classes areas sections questions")
    head = file.table("edition")
    head.allow("code title source languages")
    questions = tuple(map(read_question, file.coded("questions", "question")))
    edition = Edition(
        code=head.code("code"),
        title=head.text("title"),
        source=head.string("source"),
        languages=head.codes("languages", "language", LANGUAGES),
        classes=tuple(map(read_class, file.coded("classes", "class", optional=True))),
        areas=tuple(map(read_area, file.coded("areas", "area"))),
        sections=tuple(read_section(t, questions) for t in file.coded("sections", "section")),
        checksum=hashlib.sha256(content).hexdigest(),
    )
    if set(edition.languages) != set(LANGUAGES):
        raise head.fault("languages", f"languages must be all of {', '.join(LANGUAGES)}")
    check_references(file, edition, {question.code: question for question in questions})
    return edition


def read_question(table: Table) -> Question:
    table.allow(
        "code section kind text hint example points full_at sectors language_sides essential"
        " policy_areas dimensions principles descends_from contradicts options suggestions"
    )
    options = table.coded("options", "option", optional=True)
    question = Question(
        code=table.code("code"),
        section=table.code("section"),
        kind=table.one_of("kind", KINDS),
        text=table.text("text"),
        hint=table.text("hint"),
        example=table.text("example") if "example" in table.values else None,
        points=table.number("points"),
        full_at=table.take("full_at", int) if "full_at" in table.values else None,
        sectors=table.codes("sectors", "sector"),
        language_sides=table.take("language_sides", bool, False),
        essential=table.take("essential", bool, False),
        policy_areas=table.codes("policy_areas", "tag", TAGS["policy_areas"]),
        dimensions=table.codes("dimensions", "tag", TAGS["dimensions"]),
        principles=table.codes("principles", "tag", TAGS["principles"]),
        descends_from=tuple(map(read_origin, table.tables("descends_from", "origin"))),
        contradicts=tuple(map(read_contradiction, table.tables("contradicts", "contradiction"))),
        options=tuple(map(read_option, options)),
        suggestions=tuple(map(read_suggestion, table.tables("suggestions", "suggestion"))),
    )
    for option_table, option in zip(options, question.options, strict=True):
        option_table.refuse(option_faults(question, option))
    table.refuse(question_faults(question))
    return question


def read_option(table: Table) -> Option:
    table.allow("code text share needs_decision none")
    return Option(
        code=table.code("code"),
        text=table.text("text"),
        share=table.number("share", top=1) if "share" in table.values else None,
        needs_decision=table.take("needs_decision", bool, False),
        none=table.take("none", bool, False),
    )


def read_suggestion(table: Table) -> Suggestion:
    table.allow("below text")
    return Suggestion(below=table.number("below", top=1), text=table.text("text"))


def read_contradiction(table: Table) -> Contradiction:
    table.allow("code when other why")
    code, when, other = map(table.code, ("code", "when", "other"))
    return Contradiction(code, when, other, why=table.text("why"))


def read_origin(table: Table) -> Origin:
    table.allow("edition code how")
    return Origin(table.code("edition"), table.code("code"), how=table.one_of("how", HOW))


def read_section(table: Table, questions: tuple[Question, ...]) -> Section:
    table.allow("code title introduction")
    code = table.code("code")
    return Section(
        code=code,
        title=table.text("title"),
        introduction=table.text("introduction"),
        questions=tuple(question for question in questions if question.section == code),
    )


def read_area(table: Table) -> Area:
    table.allow("code title counts_in weight sections")
    return Area(
        code=table.code("code"),
        title=table.text("title"),
        counts_in=table.one_of("counts_in", COUNTS_IN),
        weight=table.number("weight"),
        sections=table.codes("sections", "section"),
    )


def read_class(table: Table) -> ComparisonClass:
    table.allow("code borders")
    borders = table.numbers("borders")
    if any(low >= high for low, high in pairwise(borders)):
        raise table.fault("borders", "borders must rise")
    return ComparisonClass(table.code("code"), borders)


Faults = Iterator[tuple[str, str]]  # the key at fault, and the reason
Questions = Mapping[str, Question]


def question_faults(question: Question) -> Faults:
    if question.full_at is not None and question.kind != "ticks":
        yield "full_at", "full_at is for ticks only"
    if question.suggestions and not question.scored:
        yield "suggestions", "a question without points has no suggestions"
    if question.kind in {"number", "text"}:
        yield from unscored_faults(question)
    elif question.kind == "ticks":
        yield from ticks_faults(question)
    else:
        yield from choice_faults(question)


def unscored_faults(question: Question) -> Faults:
    if question.scored:
        yield "points", f"a {question.kind} question has 0 points"
    if question.options:
        yield "options", f"a {question.kind} question has no options"


def choice_faults(question: Question) -> Faults:
    shares = [option.share for option in question.options if option.share is not None]
    if len(question.options) < 2:
        yield "options", "there must be at least two options"
    elif question.scored and not (min(shares, default=0) == 0 and max(shares, default=1) == 1):
        yield "options", "the best option's share must be 1 and the worst one's 0"


def ticks_faults(question: Question) -> Faults:
    nones = sum(option.none for option in question.options)
    ticks = len(question.options) - nones
    if not ticks:
        yield "options", "there must be something to tick"
    if nones > 1:
        yield "options", "only one option can be 'none of these'"
    if question.full_at is None and question.scored:
        yield "full_at", "full_at is missing"
    if question.full_at is not None and not 1 <= question.full_at <= ticks:
        yield "full_at", f"full_at must be from 1 to {ticks}, the number of ticks"


def option_faults(question: Question, option: Option) -> Faults:
    ticks = question.kind == "ticks"
    if option.code in BUILT_IN:
        yield "code", "every question has this answer already"
    if ticks and option.share is not None:
        yield "share", "ticks have no share: full_at decides"
    if not ticks and question.scored and option.share is None:
        yield "share", "share is missing"
    if not ticks and option.none:
        yield "none", "none is for ticks only"


def check_references(file: Table, edition: Edition, questions: Questions) -> None:
    """Refuse what points nowhere, a section of no area or of two, and a section left empty."""
    sections = [section.code for section in edition.sections]
    tables = file.coded("questions", "question")
    for table, question in zip(tables, questions.values(), strict=True):
        table.refuse(reference_faults(question, sections, questions))
    free = list(sections)
    for table, area in zip(file.coded("areas", "area"), edition.areas, strict=True):
        table.refuse(area_faults(area, sections, free))
        free = [code for code in free if code not in area.sections]
    for table, section in zip(file.coded("sections", "section"), edition.sections, strict=True):
        table.refuse(section_faults(section, free))


def reference_faults(question: Question, sections: list[str], questions: Questions) -> Faults:
    if question.section not in sections:
        yield "section", f"there is no section {question.section!r}"
    for contradiction in question.contradicts:
        other = questions.get(contradiction.code)
        if contradiction.when not in question.option_codes:
            yield "contradicts", f"there is no option {contradiction.when!r}"
        if other is None:
            yield "contradicts", f"there is no question {contradiction.code!r}"
        elif contradiction.other not in other.option_codes:
            yield "contradicts", f"question {other.code} has no option {contradiction.other!r}"


def area_faults(area: Area, sections: list[str], free: list[str]) -> Faults:
    if not area.weight:
        yield "weight", "weight must be above 0"
    if not area.sections:
        yield "sections", "an area has at least one section"
    for code in area.sections:
        if code not in sections:
            yield "sections", f"there is no section {code!r}"
        elif code not in free:
            yield "sections", f"section {code!r} is in another area already"


def section_faults(section: Section, free: list[str]) -> Faults:
    if section.code in free:
        yield "code", "the section is in no area"
    if not section.questions:
        yield "code", "the section has no question"
