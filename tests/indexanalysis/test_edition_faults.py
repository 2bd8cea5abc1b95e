import re
from pathlib import Path

import pytest

from indexanalysis.edition import EditionError, parse

SMALL = Path(__file__).with_name("small.toml").read_text(encoding="utf-8")


def fault(content):
    with pytest.raises(EditionError) as caught:
        parse(content.encode() if isinstance(content, str) else content)
    return caught.value


def line_of(part, content):
    return content[: content.index(part)].count("\n") + 1


def case(old, new, reason, at=None):
    """One fault: what replaces what, the reason given, and the text of the line it names."""
    return pytest.param(old, new, reason, at or new, id=reason)


FAULTS = [
    case(
        'title = { en = "Small", fi = "Pieni", sv = "Liten" }',
        'title = { en = "Small", fi = "Pieni" }',
        "edition, title: sv is missing",
    ),
    case('text.fi = "Onko strategia?"', 'text.fi = " "', "question COM-01, text: fi is empty"),
    case(
        'text.fi = "Onko',
        'text.de = "Gibt"\ntext.fi = "Onko',
        "question COM-01, text: unknown key 'de'",
    ),
    case(
        'languages = ["en", "fi", "sv"]',
        'languages = ["en", "fi"]',
        "edition: languages must be all of en, fi, sv",
    ),
    case(
        'languages = ["en", "fi", "sv"]',
        'languages = ["en", "fi", "se"]',
        "edition: unknown language 'se'",
    ),
    case("essential = true", "esential = true", "question COM-01: unknown key 'esential'"),
    case(
        "needs_decision = true",
        "need_decision = true",
        "question COM-01, option planned: unknown key 'need_decision'",
    ),
    case("[[classes]]", "[[class]]", "edition file: unknown key 'class'"),
    case('kind = "scale"\n', "", "question BUS-01: kind is missing", at='code = "BUS-01"\nsection'),
    case(
        'code = "COM-01"\nsection',
        "section",
        "question 1: code is missing",
        at='[[questions]]\nsection = "commitment"',
    ),
    case("points = 2.5\n", "", "question REL-01: points is missing", at='code = "REL-01"'),
    case(
        'source = "Made up for the tests."', "source = 5", "edition: source must be text in quotes"
    ),
    case("essential = true", "essential = 1", "question COM-01: essential must be true or false"),
    case("full_at = 3", "full_at = true", "question EDU-02: full_at must be a whole number"),
    case(
        'sectors = ["central_administration"]',
        'sectors = "central_administration"',
        "question COM-01: sectors must be a list",
    ),
    case(
        'descends_from = [{ edition = "2025", code = "COM-07", how = "reworded" }]',
        'descends_from = ["COM-07"]',
        "question COM-01: descends_from must be tables",
    ),
    case(
        'code = "EDU-02"',
        'code = "EDU 02"',
        "question 4: 'EDU 02' is not a code: letters, digits, - and _ only",
    ),
    case(
        'code = "EDU-02"\n',
        'code = "EDU-01"\n',
        "question EDU-01: the code is there twice",
        at='code = "EDU-01"\nsection = "education"\nkind = "ticks"',
    ),
    case(
        'code = "planned"',
        'code = "yes"',
        "question COM-01, option yes: the code is there twice",
        at='code = "yes"\n  text = { en = "Planned"',
    ),
    case(
        'code = "business"\ntitle',
        'code = "education"\ntitle',
        "section education: the code is there twice",
        at='code = "education"\ntitle = { en = "Business"',
    ),
    case(
        'code = "lens"',
        'code = "commitment"',
        "area commitment: the code is there twice",
        at='code = "commitment"\ntitle = { en = "Lens"',
    ),
    case(
        'section = "business"\n',
        'section = "trade"\n',
        "question BUS-01: there is no section 'trade'",
    ),
    case(
        'sections = ["education", "business"]',
        'sections = ["education", "trade"]',
        "area lens: there is no section 'trade'",
    ),
    case(
        'sections = ["education", "business"]',
        'sections = ["education"]',
        "section business: the section is in no area",
        at='code = "business"\ntitle',
    ),
    case(
        'sections = ["education", "business"]',
        'sections = ["education", "business", "commitment"]',
        "area lens: section 'commitment' is in another area already",
    ),
    case(
        'sections = ["education", "business"]',
        'sections = ["education", "education"]',
        "area lens: section 'education' is there twice",
    ),
    case(
        'sections = ["relations"]',
        "sections = []",
        "area relations: an area has at least one section",
    ),
    case(
        'code = "BUS-01"\nsection = "business"',
        'code = "BUS-01"\nsection = "education"',
        "section business: the section has no question",
        at='code = "business"\ntitle',
    ),
    case("weight = 0.5", "weight = 0", "area participation: weight must be above 0"),
    case(
        'counts_in = "extended"',
        'counts_in = "both"',
        "area participation: unknown counts_in 'both'",
    ),
    case("borders = [10000, 30000]", "borders = [5, 5]", "class population: borders must rise"),
    case(
        "borders = [10000, 30000]",
        "borders = [30000, 10000]",
        "class population: borders must rise",
    ),
    case(
        "borders = [10000, 30000]",
        'borders = [10000, "30000"]',
        "class population: borders must be numbers",
    ),
    case('kind = "scale"', 'kind = "slider"', "question BUS-01: unknown kind 'slider'"),
    case(
        'dimensions = ["attitudes", "security"]',
        'dimensions = ["attitudes", "x"]',
        "question REL-01: unknown tag 'x'",
    ),
    case(
        'principles = ["active_citizenship"]',
        'principles = ["interaction"]',
        "question PAR-01: unknown tag 'interaction'",
    ),
    case('how = "reworded"', 'how = "guessed"', "question COM-01, origin 1: unknown how 'guessed'"),
    case(
        '{ code = "BUS-01", when',
        '{ code = "BUS-09", when',
        "question COM-01: there is no question 'BUS-09'",
        at="contradicts",
    ),
    case(
        'when = "yes"',
        'when = "sometimes"',
        "question COM-01: there is no option 'sometimes'",
        at="contradicts",
    ),
    case(
        'other = "never"',
        'other = "no"',
        "question COM-01: question BUS-01 has no option 'no'",
        at="contradicts",
    ),
    case(
        "share = 0.25",
        "share = 1.25",
        "question BUS-01, option seldom: share must be a number from 0 to 1",
    ),
    case(
        "  share = 0.25\n",
        "",
        "question BUS-01, option seldom: share is missing",
        at='code = "seldom"',
    ),
    case(
        'sv = "Alltid" }\n  share = 1.0',
        'sv = "Alltid" }\n  share = 0.9',
        "question BUS-01: the best option's share must be 1 and the worst one's 0",
        at='[[questions.options]]\n  code = "always"',
    ),
    case(
        'sv = "Aldrig" }\n  share = 0.0',
        'sv = "Aldrig" }\n  share = 0.1',
        "question BUS-01: the best option's share must be 1 and the worst one's 0",
        at='[[questions.options]]\n  code = "always"',
    ),
    case(
        'text = { en = "A", fi = "A", sv = "A" }',
        'text = { en = "A", fi = "A", sv = "A" }\n  share = 0.5',
        "question EDU-02, option a: ticks have no share: full_at decides",
        at="share = 0.5\n",
    ),
    case(
        "needs_decision = true",
        "none = true",
        "question COM-01, option planned: none is for ticks only",
    ),
    case(
        'text = { en = "D", fi = "D", sv = "D" }',
        'text = { en = "D", fi = "D", sv = "D" }\n  none = true',
        "question EDU-02: only one option can be 'none of these'",
        at='[[questions.options]]\n  code = "a"',
    ),
    case(
        'code = "seldom"',
        'code = "no_data"',
        "question BUS-01, option no_data: every question has this answer already",
    ),
    case("full_at = 3\n", "", "question EDU-02: full_at is missing", at='code = "EDU-02"'),
    case(
        "full_at = 3",
        "full_at = 0",
        "question EDU-02: full_at must be from 1 to 4, the number of ticks",
    ),
    case(
        "full_at = 3",
        "full_at = 5",
        "question EDU-02: full_at must be from 1 to 4, the number of ticks",
    ),
    case(
        "points = 2.5",
        "points = 2.5\nfull_at = 1",
        "question REL-01: full_at is for ticks only",
        at="full_at = 1",
    ),
    case(
        'Vad som helst." }\npoints = 0',
        'Vad som helst." }\npoints = 1',
        "question COM-02: a text question has 0 points",
        at="points = 1\n",
    ),
    case(
        'kind = "scale"',
        'kind = "number"',
        "question BUS-01: a number question has 0 points",
        at="points = 1.0",
    ),
    case(
        'kind = "number"',
        'kind = "number"\noptions = [{ code = "a", text = { en = "A", fi = "A", sv = "A" } }]',
        "question EDU-03: a number question has no options",
        at="options = [",
    ),
    case(
        'kind = "text"',
        'kind = "choice"',
        "question COM-02: there must be at least two options",
        at='code = "COM-02"',
    ),
    case(
        'kind = "text"',
        'kind = "ticks"',
        "question COM-02: there must be something to tick",
        at='code = "COM-02"',
    ),
    case(
        "below = 0.5",
        "below = 50",
        "question COM-01, suggestion 1: below must be a number from 0 to 1",
    ),
    case(
        "points = 2.0\nsectors",
        "points = 0\nsectors",
        "question COM-01: a question without points has no suggestions",
        at="[[questions.suggestions]]",
    ),
]


@pytest.mark.parametrize(("old", "new", "reason", "at"), FAULTS)
def test_a_fault_is_refused_with_its_line(old, new, reason, at):
    content = SMALL.replace(old, new, 1)

    found = fault(content)

    assert content != SMALL
    assert str(found) == f"line {line_of(at, content)}: {reason}"
    assert found.reason == reason


@pytest.mark.parametrize("points", ['"2.5"', "true", "-2.5", "nan", "inf", "1e999999999"])
def test_points_that_are_no_usable_number_are_refused(points):
    content = SMALL.replace("points = 2.5", f"points = {points}")

    found = fault(content)

    assert found.line == line_of(f"points = {points}", content)
    assert found.reason == "question REL-01: points must be a number from 0 to 1000000000"


def test_broken_toml_is_refused_with_its_line():
    content = SMALL.replace('kind = "scale"', 'kind = "scale')

    found = fault(content)

    assert found.line == line_of('kind = "scale', content)
    assert found.reason == "not TOML: Illegal character '\\n'"


def test_a_key_given_twice_is_refused_with_its_line():
    content = SMALL.replace('kind = "scale"', 'kind = "scale"\nkind = "ticks"')

    assert fault(content).line == line_of('kind = "ticks"\ntext = { en = "How', content)


def test_a_file_that_stops_short_is_refused_at_its_last_line():
    content = "[edition]\ntitle = [\n'Small'"

    assert str(fault(content)) == "line 3: not TOML: Unclosed array"


def test_bytes_that_are_not_utf8_are_refused_with_their_line():
    content = SMALL.replace("Pieni", "Pien\xe4").encode("latin-1", "replace")

    assert str(fault(content)) == f"line {line_of('Pieni', SMALL)}: the file is not UTF-8"


@pytest.mark.parametrize("content", [b"", b"a = [[[" * 10_000, b"a = 1e99999999999999999999"])
def test_what_is_no_edition_at_all_is_refused(content):
    assert fault(content).reason


@pytest.mark.parametrize("noun", ["area", "section", "question"])
def test_an_edition_without_content_is_refused(noun):
    blocks = re.split(r"^(?=\[)", SMALL, flags=re.MULTILINE)
    content = "".join(block for block in blocks if not block.startswith(f"[[{noun}s]]"))

    assert str(fault(content)) == f"edition file: there must be at least one {noun}"


def test_lines_are_right_after_a_text_over_several_lines():
    long = '"""\n[[questions]]\nkind = "no"\nends."""'
    content = SMALL.replace('"Made up for the tests."', long).replace('"scale"', '"slider"')

    assert fault(content).line == line_of('kind = "slider"', content)
