import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from indexanalysis import edition

HERE = Path(__file__).parent


@pytest.fixture
def shipped(monkeypatch):
    """The small edition as if it were shipped."""
    monkeypatch.setattr(edition, "EDITIONS", HERE)
    edition.load.cache_clear()
    yield "small"
    edition.load.cache_clear()


@pytest.fixture
def written(tmp_path):
    def write(content):
        file = tmp_path / "answers.json"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(file)

    return write


def refusal(code, file):
    with pytest.raises(CommandError) as caught:
        call_command("score_answers", code, file)
    assert caught.value.returncode == 2
    return str(caught.value)


def test_answers_in_a_file_are_scored(shipped, written, capsys):
    file = written('{"COM-01": "yes", "EDU-01": {"fi": "yes", "sv": "no"}, "BUS-01": "no_data"}')

    call_command("score_answers", shipped, file)

    scores = json.loads(capsys.readouterr().out)
    assert scores["edition"] == "small"
    assert scores["core_index"] == pytest.approx((2 * 100 + 100 / 3) / 3)
    assert scores["sections"] == {
        "commitment": 100.0,
        "education": pytest.approx(100 / 3),
        "business": None,
        "participation": 0.0,
        "relations": 0.0,
    }
    assert scores["unanswered"] == ["EDU-02", "PAR-01", "REL-01"]
    assert scores["questions"]["sections"]["education"] == 2


def test_a_hyphen_reads_standard_input(shipped, monkeypatch, capsys):
    given = io.TextIOWrapper(io.BytesIO(b'{"COM-01": "yes"}'))
    monkeypatch.setattr(sys, "stdin", given)

    call_command("score_answers", shipped, "-")

    assert json.loads(capsys.readouterr().out)["areas"]["commitment"] == 100


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("{", "The answers cannot be read: Expecting property name enclosed in double quotes:"),
        ("", "The answers cannot be read: Expecting value:"),
        (b'{"COM-02": "\xff"}', "The answers cannot be read: 'utf-8' codec can't decode byte"),
        ("[" * 100_000, "The answers cannot be read: maximum recursion depth exceeded"),
        ('["yes"]', "The answers must be one JSON object, by question."),
        ("null", "The answers must be one JSON object, by question."),
        (
            '{"COM-01": "yes", "COM-01": "no"}',
            "The answers cannot be read: 'COM-01' is there twice.",
        ),
        (
            '{"EDU-01": {"fi": "yes", "fi": "no"}}',
            "The answers cannot be read: 'fi' is there twice.",
        ),
        ('{"XYZ-01": "yes"}', "Edition small has no question 'XYZ-01'."),
        ('{"\\ud800": "yes"}', "Edition small has no question '\\ud800'."),
        ('{"COM-01": "maybe"}', "Question COM-01 has no option 'maybe'."),
        ('{"EDU-03": Infinity}', "Question EDU-03 takes a number from 0 up, not inf."),
        ('{"EDU-03": NaN}', "Question EDU-03 takes a number from 0 up, not nan."),
        ('{"EDU-03": ' + "9" * 5000 + "}", "The answers cannot be read: Exceeds the limit"),
    ],
)
def test_bad_answers_are_refused_in_one_sentence(shipped, written, content, reason):
    said = refusal(shipped, written(content))

    assert said.startswith(reason)
    assert "\n" not in said


def test_a_file_that_cannot_be_read_is_refused(shipped, tmp_path):
    missing, folder = (refusal(shipped, str(path)) for path in [tmp_path / "missing", tmp_path])

    assert "No such file" in missing
    assert "Is a directory" in folder


@pytest.mark.parametrize("code", ["1066", "../small", ""])
def test_an_unknown_edition_is_refused_with_those_there_are(shipped, written, code):
    said = refusal(code, written("{}"))

    assert said == f"There is no edition {code!r}; there is small."


def test_the_process_ends_with_2_and_one_line(written):
    manage = [sys.executable, settings.BASE_DIR / "manage.py", "score_answers"]

    done = subprocess.run([*manage, "1066", written("{}")], capture_output=True, text=True)

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
