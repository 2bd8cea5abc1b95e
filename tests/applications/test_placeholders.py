from hypothesis import given
from hypothesis import strategies as st

from applications.placeholders import ALLOWED, filled, unknown


def test_what_is_in_the_list_is_replaced_and_the_rest_stays():
    text = "{municipality}: {reasons} {user.password} {0} {} { call }"

    assert filled(text, {"municipality": "Vaasa", "reasons": "Good."}) == (
        "Vaasa: Good. {user.password} {0} {} { call }"
    )


def test_each_letter_has_its_own_list():
    assert unknown("{municipality} {answer_by}", "selected") == []
    assert unknown("{answer_by} {place} {answer_by}", "not_selected") == ["{answer_by}", "{place}"]
    assert unknown("{place}", "reserve") == []


def test_what_is_no_placeholder_is_named():
    tries = "{{ user }} {% now %} {0.__class__} ${7*7} {municipality!r}"

    assert unknown(tries, "selected") == ["{ user }", "{% now %}", "{0.__class__}", "{7*7}",
                                          "{municipality!r}"]  # fmt: skip


@given(st.text(), st.sampled_from(ALLOWED["selected"]))
def test_a_value_is_never_read_as_a_text(value, name):
    assert filled(f"<{{{name}}}>", {name: value, "call": "x"} | {name: value}) == f"<{value}>"
