import pytest

from drafting.mentions import mentioned

PEOPLE = ["Anna", "Anna Maria Öst", "Ali", "Mikko", "Mikko"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@Anna, please look.", {"Anna"}),
        ("@Anna Maria Öst knows this.", {"Anna Maria Öst"}),
        ("@Anna Maria Östberg is somebody else.", {"Anna"}),
        ("(@Ali) and @Anna", {"Ali", "Anna"}),
        ("anna@Ali.example is an address", set()),
        ("@anna is not how she is written", set()),
        ("@Mikko: which of the two?", set()),
        ("@Stranger has no hat here", set()),
        ("Nobody.", set()),
    ],
)
def test_only_an_exact_name_of_these_people_is_a_mention(text, expected):
    assert mentioned(text, PEOPLE) == expected
