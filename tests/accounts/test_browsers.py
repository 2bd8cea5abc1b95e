import pytest

from accounts.browsers import describe

KNOWN = [
    (
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0",
        "Firefox, Windows",
    ),
    (
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
        "Edge, Windows",
    ),
    (
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36",
        "Chrome, Linux",
    ),
    (
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1",
        "Safari, iPhone",
    ),
    ("Mozilla/5.0 (Linux; Android 14) Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
    ("<script>alert(1)</script>" * 9, ("<script>alert(1)</script>" * 9)[:60]),
    ("", ""),
]


@pytest.mark.parametrize(("said", "words"), KNOWN)
def test_a_browser_is_told_in_words(said, words):
    assert describe(said) == words
