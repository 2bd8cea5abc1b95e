import hashlib
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

SMALL = Path(__file__).with_name("small.toml")


def refusal(file):
    with pytest.raises(CommandError) as caught:
        call_command("check_edition", str(file))
    return caught.value.returncode, str(caught.value)


def test_a_sound_file_is_summed_up(capsys):
    checksum = hashlib.sha256(SMALL.read_bytes()).hexdigest()

    call_command("check_edition", str(SMALL))

    assert capsys.readouterr().out == (
        f"Edition small: 5 sections, 8 questions (6 scored), 12 points.\nSHA-256 {checksum}\n"
    )


def test_a_fault_is_told_with_its_line(tmp_path):
    content = SMALL.read_text(encoding="utf-8").replace('"scale"', '"slider"')
    line = content[: content.index('"slider"')].count("\n") + 1
    file = tmp_path / "edition.toml"
    file.write_text(content, encoding="utf-8")

    assert refusal(file) == (2, f"line {line}: question BUS-01: unknown kind 'slider'")


def test_broken_toml_is_told_with_its_line(tmp_path):
    file = tmp_path / "edition.toml"
    file.write_text("[edition]\ncode = \n")

    assert refusal(file) == (2, "line 2: not TOML: Invalid value")


def test_a_file_that_cannot_be_read_is_told(tmp_path):
    missing, folder = refusal(tmp_path / "missing.toml"), refusal(tmp_path)

    assert (missing[0], folder[0]) == (2, 2)
    assert "No such file" in missing[1]
    assert "Is a directory" in folder[1]
