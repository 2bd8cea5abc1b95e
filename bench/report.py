"""Write what a run of the bench has found into `docs/benchmark.md`, between the two marks.

usage: report.py DIR [--print]     DIR: with web.json, pdf.json and perhaps cold.json
"""

import json
import platform
import statistics
import sys
from dataclasses import dataclass
from pathlib import Path

PAGE = Path(__file__).resolve().parent.parent / "docs" / "benchmark.md"
BEGIN, END = "<!-- what `make bench` has measured -->", "<!-- end of what was measured -->"


@dataclass(frozen=True)
class Goal:
    role: str  # ours
    floor: str | None  # the floor's role that it is set against, where the floor has one
    ratio: float | None  # of the worker's CPU, at most
    statements: int  # SQL, at most


# The distance to the floor that we promise ourselves, with one client.
GOALS = [
    Goal("save", "save", 3, 10),
    Goal("detail", "detail", 3, 12),
    Goal("detail_next", "detail", 3, 12),
    Goal("answers", "answers", 3, 8),
    Goal("list", "list", 6, 10),
    Goal("list_searched", "list", 6, 10),
    Goal("overview", "detail", 5, 15),
    Goal("review", "list", 12, 12),
    Goal("review_save", "save", 4, 12),
    Goal("export", None, None, 8),
    Goal("ask_pdf", "save", 4, 8),
    Goal("login", "login", 4, 4),
]
BUSY = {"save": 4, "detail": 4}  # p50 against the floor's with eight clients, at most
BUSY_SPREAD = 2.5  # p95 against p50 with eight clients, at most
PDF_RATIO = 1.5  # CPU by pages and charts
MEMORY_RATIO, COLD_RATIO = 1.6, 2.5
WEIGHTS = {"login": None, "detail": 30}  # of a first visit: KiB of script at most
WEIGHT_KIB, WEIGHT_REQUESTS, SAVE_KIB, LIST_KIB = 80, 8, 4, 60


def main():
    folder = Path(sys.argv[1])
    found = {name: load(folder / f"{name}.json") for name in ("web", "pdf", "cold")}
    text = "\n".join(lines(**found)) + "\n"
    if "--print" in sys.argv:
        print(text)
        return
    before, _begin, rest = PAGE.read_text().partition(BEGIN)
    after = rest.partition(END)[2]
    PAGE.write_text(f"{before}{BEGIN}\n\n{text}\n{END}{after}")


def load(path):
    return json.loads(path.read_text()) if path.exists() else None


def lines(web, pdf, cold):
    run = Run(web)
    yield from head(web)
    yield from ["", "### One client", ""]
    yield from table(one_client(run), ONE_CLIENT)
    yield from ["", "### Eight clients at once", ""]
    yield from table(busy(run), BUSY_HEAD)
    yield from ["", "### The rest", ""]
    yield from table([*rest(run, Run(pdf), cold)], REST)
    if others := [name for name in run.targets if name not in {"ours", "floor"}]:
        yield from ["", "### Peers", ""]
        yield from table(peers(run, others), PEERS)


def head(web):
    yield f"Measured {web['when'][:10]} on {web['cores']} cores ({platform.machine()}), Python"
    yield f"{platform.python_version()}; load of the machine at the end: {web['load'][0]:.1f}."
    yield "Ratios are medians of interleaved rounds (least to most); CPU is that of the workers."


class Run:
    """The records of one run of measure.py, by target and role."""

    def __init__(self, data):
        self.records = {(r["target"], r["role"]): r for r in data["results"]} if data else {}
        self.targets = list(dict.fromkeys(target for target, _role in self.records))
        self.memory = data["memory"] if data else {}

    def level(self, target, role, clients=1):
        record = self.records.get((target, role))
        return record["levels"].get(str(clients), {}) if record else {}

    def ratios(self, ours, theirs, field, clients=1, target="floor"):
        """Round by round, what ours took by what theirs took."""
        pairs = zip(
            self.level("ours", ours, clients).get("rounds", []),
            self.level(target, theirs, clients).get("rounds", []),
            strict=False,  # the time may have been up
        )
        return [a[field] / b[field] for a, b in pairs if a.get(field) and b.get(field)]


ONE_CLIENT = ["what", "CPU ms", "of the floor's", "goal", "SQL", "goal", "p50 ms", "verdict"]


def one_client(run):
    for goal in GOALS:
        record = run.records.get(("ours", goal.role))
        ratios = run.ratios(goal.role, goal.floor, "cpu_ms") if goal.floor else []
        most = f"≤ {goal.ratio}" if goal.floor else ""
        if not record or (goal.floor and not ratios):
            yield [goal.role, "", "", most, "", f"≤ {goal.statements}", "", "not measured"]
            continue
        level, statements = record["levels"]["1"], (record["sql"] or {}).get("queries")
        near = not goal.floor or statistics.median(ratios) <= goal.ratio
        yield [
            record["name"],
            number(level["cpu_ms"]),
            f"{spread(ratios)} x {goal.floor}" if goal.floor else "",
            most,
            number(statements),
            f"≤ {goal.statements}",
            number(level["p50"]),
            verdict(near and (statements or 0) <= goal.statements),
        ]


BUSY_HEAD = ["what", "p50 ms", "of the floor's", "goal", "p95 / p50", "goal", "errors", "verdict"]


def busy(run):
    for role, most in BUSY.items():
        level = run.level("ours", role, 8)
        ratios = run.ratios(role, role, "p50", 8)
        if not ratios:
            yield [role, *[""] * 6, "not measured"]
            continue
        tail = level["p95"] / level["p50"]
        met = statistics.median(ratios) <= most and tail <= BUSY_SPREAD and not level["errors"]
        yield [
            run.records["ours", role]["name"],
            number(level["p50"]),
            spread(ratios),
            f"≤ {most}",
            number(tail),
            f"≤ {BUSY_SPREAD}",
            level["errors"],
            verdict(met),
        ]


REST = ["what", "found", "goal", "verdict"]


def rest(run, pdf, cold):
    yield from pdf_row(pdf)
    ours, floor = (statistics.median(run.memory[name]["rss"]) for name in ("ours", "floor"))
    share = ours / floor
    yield [
        "memory of a web worker (RSS)",
        f"{ours:.0f} MiB, {share:.2f} x floor",
        f"≤ {MEMORY_RATIO} x",
        verdict(share <= MEMORY_RATIO),
    ]
    if cold:
        share = cold["medians"]["ours"] / cold["medians"]["floor"]
        found = f"{cold['medians']['ours']:.2f} s, {share:.2f} x floor"
        yield [
            "cold start to the first page",
            found,
            f"≤ {COLD_RATIO} x",
            verdict(share <= COLD_RATIO),
        ]
    for role, script in WEIGHTS.items():
        yield from weight_rows(run, role, script)
    yield from size_rows(run)


def pdf_row(pdf):
    facts = [cost(pdf, name) for name in ("ours", "floor")]
    ratios = pdf.ratios("report_pdf", "report_pdf", "cpu_ms")
    if None in facts or not ratios:
        yield ["PDF", "", f"≤ {PDF_RATIO} x", "not measured"]
        return
    (ours, found), (floor, theirs) = facts
    by_part = statistics.median(ratios) * parts(theirs) / parts(found)
    text = (
        f"{found['pages']} pages, {found['charts']} charts, {ours:.0f} ms of CPU each; the floor"
        f" {floor:.0f} ms: {by_part:.2f} x; tagged: {'yes' if found['tagged'] else 'no'}"
    )
    yield ["PDF, by pages and charts", text, f"≤ {PDF_RATIO} x", verdict(by_part <= PDF_RATIO)]


def cost(pdf, name):
    """CPU ms for each page and chart, and what the file holds."""
    record = pdf.records.get((name, "report_pdf"))
    cpu = pdf.level(name, "report_pdf").get("cpu_ms")
    if not record or not record.get("pdf") or not cpu:
        return None
    return cpu / parts(record["pdf"]), record["pdf"]


def parts(facts):
    return facts["pages"] + facts["charts"]


def weight_rows(run, role, script):
    record = run.records.get(("ours", role))
    weight = record and record.get("weight")
    if not weight:
        return
    size, asked, code = weight["wire"] / 1024, weight["requests"], weight["js"] / 1024
    met = size <= WEIGHT_KIB and asked <= WEIGHT_REQUESTS and (script is None or code <= script)
    yield [
        f"first visit of “{record['name']}”",
        f"{size:.0f} KiB, {asked} requests, {code:.0f} KiB of it script",
        f"≤ {WEIGHT_KIB} KiB, ≤ {WEIGHT_REQUESTS} requests"
        + (f", ≤ {script} KiB of script" if script else ""),
        verdict(met),
    ]


def size_rows(run):
    sizes = [("save", SAVE_KIB, lambda record: record["levels"]["1"]["wire"], "as sent")]
    sizes += [("list", LIST_KIB, lambda record: record["weight"]["html_raw"], "not compressed")]
    for role, most, size_of, how in sizes:
        record = run.records.get(("ours", role))
        if record and (role != "list" or record.get("weight")):
            size = size_of(record) / 1024
            name = f"answer of “{record['name']}”, {how}"
            yield [name, f"{size:.1f} KiB", f"≤ {most} KiB", verdict(size <= most)]


PEERS = ["what", "peer", "CPU of the peer's", "p50 of the peer's"]


def peers(run, others):
    for goal in GOALS:
        for other in others:
            cpu = run.ratios(goal.role, goal.role, "cpu_ms", target=other)
            middle = run.ratios(goal.role, goal.role, "p50", target=other)
            if cpu:
                name = run.records["ours", goal.role]["name"]
                yield [name, other, spread(cpu), spread(middle) if middle else ""]


def spread(ratios):
    return f"{statistics.median(ratios):.2f} ({min(ratios):.2f}–{max(ratios):.2f})"


def number(value):
    return "" if value is None else f"{value:.0f}" if value >= 100 else f"{value:.1f}"


def verdict(met):
    return "met" if met else "**falls short**"


def table(rows, head):
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(map(str, row))} |"


if __name__ == "__main__":
    main()
