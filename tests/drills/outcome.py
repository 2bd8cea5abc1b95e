"""What a drill found, and the table of all of them."""

from dataclasses import dataclass, field
from statistics import median


@dataclass
class Outcome:
    """rounds: how often it was tried. recovered: seconds of short intervals until all was well.

    longer: seconds that the production's intervals add to a recovery. broken: promises not kept,
    in words. skipped: why the drill could not be done here.
    """

    rounds: int
    lost: int = 0
    doubled: int = 0
    errors: int = 0
    recovered: list = field(default_factory=list)
    longer: float = 0
    note: str = ""
    broken: list = field(default_factory=list)
    skipped: str = ""

    def demand(self, holds, words):
        """Write down `words` as a broken promise unless `holds`."""
        if not holds and words not in self.broken:
            self.broken.append(words)

    @property
    def held(self):
        return not (self.lost or self.doubled or self.errors or self.broken)

    @property
    def verdict(self):
        if self.skipped:
            return f"not run: {self.skipped}"
        return (
            "held" if self.held else "**not held**: " + "; ".join(self.broken[:3] or ["see left"])
        )

    @property
    def recovery(self):
        """(median, longest, longest at the production's intervals) in words."""
        if not self.recovered:
            return "", "", ""
        most = max(self.recovered)
        return f"{median(self.recovered):.1f}", f"{most:.1f}", f"{most + self.longer:.0f}"


HEAD = [
    "| drill | run on | rounds | lost | doubled | errors | recovered: median s | longest s "
    "| longest s at production's intervals | verdict | note |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
]


def lines(outcomes, day):
    """{drill's name: its line of the table}, of {drill's name: Outcome} of the ISO date `day`."""
    return {name: line(name, found, day) for name, found in outcomes.items()}


def line(name, found, day):
    counts = [found.rounds, found.lost, found.doubled, found.errors]
    cells = [name, day, *counts, *found.recovery, found.verdict, found.note]
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


def table(known):
    """Markdown of {drill's name: its line}."""
    return "\n".join([*HEAD, *known.values()])


def read(text):
    """The lines of a table that was written before, by the drill's name."""
    rows = [row for row in text.splitlines() if row.startswith("| ") and row not in HEAD]
    return {row.split(" | ")[0].removeprefix("| "): row for row in rows}
