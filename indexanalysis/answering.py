"""What is answered and what is missing: pure reading of an edition and stored values."""

from collections.abc import Mapping
from dataclasses import dataclass

from indexanalysis.edition import Edition, Question
from indexanalysis.scoring import LEFT_OUT, SIDES, Answer, is_unanswered


@dataclass(frozen=True)
class Progress:
    answered: int
    questions: int

    @property
    def percent(self) -> int:
        """Whole percent, rounded down: 100 means that nothing is left."""
        return 100 * self.answered // self.questions if self.questions else 100

    @property
    def is_complete(self) -> bool:
        return self.answered == self.questions


def progress(
    edition: Edition, values: Mapping[str, Answer]
) -> tuple[Progress, dict[str, Progress]]:
    """Return the progress of the whole and of each section; an answer left out counts as given."""
    sections = {
        section.code: Progress(
            sum(is_answered(values.get(q.code)) for q in section.questions), len(section.questions)
        )
        for section in edition.sections
    }
    parts = sections.values()
    return Progress(sum(p.answered for p in parts), sum(p.questions for p in parts)), sections


def is_answered(value: Answer) -> bool:
    """Whether something was said, on every side where the question is asked by side."""
    if isinstance(value, Mapping):
        return all(not is_unanswered(value.get(side)) for side in SIDES)
    return not is_unanswered(value)


def is_left_out(value: Answer) -> bool:
    """Whether the question, or one of its sides, was answered by leaving it out."""
    sides = value.values() if isinstance(value, Mapping) else [value]
    return any(side in LEFT_OUT for side in sides if isinstance(side, str))


def first_unanswered(edition: Edition, values: Mapping[str, Answer]) -> Question | None:
    """Return the next question to answer, in the edition's order."""
    return next((q for q in edition.questions if not is_answered(values.get(q.code))), None)
