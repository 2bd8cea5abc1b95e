"""The table of the bench: a goal that is missed must be said, and what was not measured too."""

import importlib.util
import json

import pytest

from integration_portal import demo


def load(name):
    spec = importlib.util.spec_from_file_location(f"bench_{name}", demo.ROOT / f"bench/{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


report, measure = load("report"), load("measure")


def record(target, role, cpu, p50=10, p95=12, queries=5, errors=0):
    rounds = [{"cpu_ms": ms, "p50": p50} for ms in cpu]
    level = {"cpu_ms": cpu[0], "p50": p50, "p95": p95, "wire": 1024, "errors": errors}
    levels = {"1": level | {"rounds": rounds}, "8": level | {"rounds": rounds}}
    return {
        "target": target,
        "role": role,
        "name": f"{target} {role}",
        "sql": {"queries": queries},
        "levels": levels,
    }


def web(*records):
    return {
        "results": list(records),
        "memory": {"ours": {"rss": [60, 80]}, "floor": {"rss": [50]}},
        "when": "2026-11-22T00:00:00Z",
        "cores": 2,
        "load": [0.5, 0, 0],
    }


def row(rows, name):
    return next(row for row in rows if row[0] == name)


@pytest.mark.parametrize(
    ("cpu", "queries", "verdict"),
    [
        ([11, 12, 13], 10, "met"),
        ([13, 12, 40], 10, "**falls short**"),
        ([11, 12, 13], 11, "**falls short**"),
    ],
)
def test_a_goal_is_met_by_the_median_round_and_by_the_statements(cpu, queries, verdict):
    found = web(record("ours", "save", cpu, queries=queries), record("floor", "save", [4, 4, 4]))

    assert row(report.one_client(report.Run(found)), "ours save")[-1] == verdict


def test_rounds_are_compared_one_by_one():
    run = report.Run(web(record("ours", "save", [8, 40]), record("floor", "save", [4, 20])))

    assert run.ratios("save", "save", "cpu_ms") == [2, 2]


def test_what_was_not_measured_is_said():
    rows = list(report.one_client(report.Run(web(record("floor", "save", [4])))))

    assert {row[-1] for row in rows} == {"not measured"}


@pytest.mark.parametrize(
    ("p95", "errors", "verdict"),
    [(25, 0, "met"), (26, 0, "**falls short**"), (25, 1, "**falls short**")],
)
def test_with_eight_clients_the_slowest_count_and_so_does_an_error(p95, errors, verdict):
    ours = record("ours", "save", [8], p95=p95, errors=errors)

    rows = report.busy(report.Run(web(ours, record("floor", "save", [4]))))

    assert row(rows, "ours save")[-1] == verdict


def test_the_page_keeps_its_words_and_gets_the_new_table(tmp_path, monkeypatch):
    page = tmp_path / "benchmark.md"
    page.write_text(f"Before.\n{report.BEGIN}\nold\n{report.END}\nAfter.\n")
    found = web(record("ours", "save", [8]), record("floor", "save", [4]))
    (tmp_path / "web.json").write_text(json.dumps(found))
    monkeypatch.setattr(report, "PAGE", page)
    monkeypatch.setattr("sys.argv", ["report.py", str(tmp_path)])

    report.main()

    text = page.read_text()
    assert text.startswith("Before.\n")
    assert text.endswith("\nAfter.\n")
    assert "old" not in text
    assert "| ours save | 8.0 | 2.00 (2.00–2.00) x save | ≤ 3 |" in text


def test_the_harness_asks_only_this_machine():
    with pytest.raises(SystemExit, match="not http on this machine"):
        measure.Client("http://example.org")


def test_a_value_of_once_is_never_handed_out_twice():
    counter = measure.mp.get_context("fork").Value("i", 0)
    target, request = {"_once": {"made": (counter, ["a", "b"])}}, {"path": "/{made}/"}

    drawn = [measure.drawn(target, wanted) for wanted in (request, {"path": "/"}, request)]

    assert drawn == [{"made": "a"}, {}, {"made": "b"}]
