"""The scores of a set of answers, by the edition's rules. Exact inside; nothing is rounded."""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import asdict, dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from reprlib import repr as short
from typing import Any

from indexanalysis.edition import BUILT_IN, TAGS, Edition, Question, Suggestion

LEFT_OUT = BUILT_IN  # such an answer drops out of the points won and out of the possible ones
SIDES = ("fi", "sv")

# An option's code, the codes ticked, a number or a text; None, "" and nothing ticked: unanswered.
Side = str | Sequence[str] | Set[str] | float | None
Answer = Side | Mapping[str, Side]  # by language side, where the question is asked so
Answers = Mapping[str, Answer]  # by question
Points = tuple[Fraction, Fraction]  # won, possible


class AnswerError(ValueError):
    """An answer that the edition does not know. The text is one sentence naming its code."""


@dataclass(frozen=True)
class Scores:
    """Scores in percent (0 to 100); None where nothing was applicable, which is never 0."""

    edition: str
    core_index: float | None
    extended_index: float | None
    areas: Mapping[str, float | None]
    sections: Mapping[str, float | None]
    profiles: Mapping[str, Mapping[str, float | None]]  # "dimensions" to "interaction" to score
    unanswered: tuple[str, ...]  # scored questions
    questions: Mapping[str, Mapping[str, int]]  # so many scored, applicable ones behind each score

    def as_dict(self) -> dict[str, Any]:
        """Return what `score_answers` prints as JSON."""
        return asdict(self) | {"unanswered": list(self.unanswered)}


def score(edition: Edition, answers: Answers) -> Scores:
    """Return all scores of the answers; a question left out of them is unanswered.

    Raises AnswerError where an answer does not fit the edition.
    """
    check(edition, answers)
    parts = parts_behind(edition, answers)
    exact = {kind: {code: percent(own) for code, own in by.items()} for kind, by in parts.items()}
    sections = exact["sections"]
    areas = {a.code: mean((Fraction(1), sections[s]) for s in a.sections) for a in edition.areas}
    return Scores(
        edition=edition.code,
        core_index=as_float(index(edition, areas, {"core"})),
        extended_index=as_float(index(edition, areas, {"core", "extended"})),
        areas=as_floats(areas),
        sections=as_floats(sections),
        profiles={kind: as_floats(exact[kind]) for kind in TAGS},
        unanswered=tuple(
            question.code
            for question in edition.questions
            if question.scored and is_unanswered(answers.get(question.code))
        ),
        questions={
            kind: {code: len(own) for code, own in by.items()} for kind, by in parts.items()
        },
    )


def parts_behind(edition: Edition, answers: Answers) -> dict[str, dict[str, list[Points]]]:
    """Return the points that each section's and each tag's score is made of.

    Only of scored, applicable questions. The kinds are "sections" and those of TAGS.
    """
    earned = {q.code: points(q, answers.get(q.code)) for q in edition.questions}
    behind = [(q, earned[q.code]) for q in edition.questions if earned[q.code][1]]
    parts = {
        kind: {tag: [own for q, own in behind if tag in getattr(q, kind)] for tag in tags}
        for kind, tags in TAGS.items()
    }
    sections = {s.code: [own for q, own in behind if q.section == s.code] for s in edition.sections}
    return {"sections": sections} | parts


def index(
    edition: Edition, areas: Mapping[str, Fraction | None], counted: Set[str]
) -> Fraction | None:
    """Return the weighted mean of the areas that count so ("core", "extended", "none")."""
    return mean((a.weight, areas[a.code]) for a in edition.areas if a.counts_in in counted)


def points(question: Question, answer: Answer) -> Points:
    """Return the points won and possible; (0, 0) for a question unscored or left out.

    Language sides count by their mean; a side that is left out leaves it, an unanswered one is 0.
    """
    sides = applicable(answer)
    if not question.scored or not sides:
        return Fraction(), Fraction()
    shares = sum((share(question, side) for side in sides), Fraction())
    return question.points * shares / len(sides), question.points


def applicable(answer: Answer) -> list[Side]:
    """Return an answer's sides (one, unless it was given by language side) that count."""
    sides = [answer.get(s) for s in SIDES] if isinstance(answer, Mapping) else [answer]
    return [side for side in sides if side not in LEFT_OUT]


def share(question: Question, side: Side) -> Fraction:
    """Return the share of the points that one side earned, 0 to 1. Ticks are capped at all."""
    if not side or isinstance(side, int | float):
        return Fraction()
    codes = {side} if isinstance(side, str) else set(side)
    return min(Fraction(1), sum((question.shares[code] for code in codes), Fraction()))


def won(question: Question, answer: Answer) -> Fraction | None:
    """Return the share of the points that was earned, 0 to 1; None if left out or unscored."""
    earned, possible = points(question, answer)
    return earned / possible if possible else None


def suggestions(question: Question, answer: Answer) -> tuple[Suggestion, ...]:
    """Return what is suggested where the question earned so little; none where it is left out."""
    earned = won(question, answer)
    return tuple(s for s in question.suggestions if earned is not None and earned <= s.below)


def percent(parts: Iterable[Points]) -> Fraction | None:
    """Return 100 x won / possible, or None where nothing was possible."""
    both = list(parts)
    possible = sum((possible for _, possible in both), Fraction())
    return 100 * sum((won for won, _ in both), Fraction()) / possible if possible else None


def mean(weighted: Iterable[tuple[Fraction, Fraction | None]]) -> Fraction | None:
    """Return the weighted mean of the scores that exist, or None where none does."""
    present = [(weight, score) for weight, score in weighted if score is not None]
    weights = sum((weight for weight, _ in present), Fraction())
    return sum((w * s for w, s in present), Fraction()) / weights if present else None


def whole(score: float) -> int:
    """Return a score as it is shown: whole percent, half up (57.5 is 58, and 56.5 is 57)."""
    return int(Decimal(score).quantize(Decimal(1), ROUND_HALF_UP))


def as_float(score: Fraction | None) -> float | None:
    return None if score is None else float(score)


def as_floats(scores: Mapping[str, Fraction | None]) -> dict[str, float | None]:
    return {code: as_float(score) for code, score in scores.items()}


def is_unanswered(answer: Answer) -> bool:
    """Whether nothing was said on any side that counts. An answer that is left out says enough."""
    sides = applicable(answer)
    return bool(sides) and not any(side or side == 0 for side in sides)


def check(edition: Edition, answers: Answers) -> None:
    """Raise AnswerError at the first answer that does not fit its question in the edition."""
    for code, answer in answers.items():
        try:
            question = edition.question(code)
        except KeyError:
            raise AnswerError(f"Edition {edition.code} has no question {short(code)}.") from None
        if isinstance(answer, Mapping):
            check_sides(question, answer)
        else:
            check_side(question, answer)


def check_sides(question: Question, answer: Mapping[str, object]) -> None:
    if not question.language_sides:
        raise AnswerError(f"Question {question.code} is not answered by language side.")
    for side, given in answer.items():
        if side not in SIDES:
            raise AnswerError(f"Question {question.code} has no language side {short(side)}.")
        check_side(question, given)


def check_side(question: Question, side: object) -> None:
    if side is None or side == "" or side in LEFT_OUT:
        return
    if question.kind == "ticks":
        check_ticks(question, side)
    elif question.kind == "number":
        if not is_number(side):
            raise wrong(question, "a number from 0 up", side)
    elif not isinstance(side, str):
        raise wrong(question, "a text" if question.kind == "text" else "one option", side)
    elif question.kind != "text":
        check_options(question, [side])


def check_ticks(question: Question, side: object) -> None:
    if not isinstance(side, list | tuple | set | frozenset):
        raise wrong(question, "a list of options", side)
    ticked = list(side)
    check_options(question, ticked)
    for number, code in enumerate(ticked):
        if code in ticked[:number]:
            raise AnswerError(f"Question {question.code}: option {short(code)} is ticked twice.")
    for option in question.options:
        if option.none and option.code in ticked and len(ticked) > 1:
            raise AnswerError(
                f"Question {question.code}: option {short(option.code)} excludes the others."
            )


def check_options(question: Question, codes: Iterable[object]) -> None:
    for code in codes:
        if code not in question.option_codes:
            raise AnswerError(f"Question {question.code} has no option {short(code)}.")


def is_number(side: object) -> bool:
    if isinstance(side, bool) or not isinstance(side, int | float):
        return False
    return 0 <= side < float("inf")  # false for "not a number" too


def wrong(question: Question, wanted: str, side: object) -> AnswerError:
    return AnswerError(f"Question {question.code} takes {wanted}, not {short(side)}.")
