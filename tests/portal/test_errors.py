import pytest
from django.db import OperationalError, connection

from integration_portal import errors


@pytest.fixture
def database_away(django_db_blocker, monkeypatch):
    """Nobody listens where the database should be."""
    with django_db_blocker.unblock():
        connection.close()
        monkeypatch.setitem(connection.settings_dict, "HOST", "127.0.0.1")
        monkeypatch.setitem(connection.settings_dict, "PORT", "1")
        yield
        connection.close()


@pytest.fixture
def visitor(client, settings):
    """A browser that has been signed in: its cookie makes each page ask for the session."""
    client.raise_request_exception = False
    client.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32
    return client


def test_the_process_says_that_it_lives_without_a_database(client, database_away):
    response = client.get("/health/live/")

    assert (response.status_code, response.content) == (200, b"ok")


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_without_its_database_the_portal_says_so_and_asks_to_come_back(
    visitor, database_away, language
):
    response = visitor.get(f"/{language}/")

    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert f'<html lang="{language}">' in response.text


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
@pytest.mark.parametrize("page", ["accessibility", "privacy"])
def test_without_its_database_the_portal_still_says_how_to_reach_its_keepers(
    visitor, database_away, settings, language, page
):
    settings.DEFAULT_FROM_EMAIL = "Portal <keepers@portal.example>"

    response = visitor.get(f"/{language}/{page}/")

    assert response.status_code == 200
    assert f'<html lang="{language}">' in response.text
    assert "mailto:keepers@portal.example" in response.text


def test_a_page_that_is_not_there_cannot_tell_either(visitor, database_away):
    response = visitor.get("/fi/nowhere/")

    assert response.status_code == 503


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_an_address_that_is_not_there_answers_in_its_language(client, language):
    response = client.get(f"/{language}/nowhere/")

    assert response.status_code == 404
    assert f'<html lang="{language}">' in response.text


@pytest.mark.parametrize(
    ("error", "status"), [(OperationalError, 503), (ValueError, 500)], ids=["database", "fault"]
)
def test_a_failure_asks_nobody_and_keeps_the_address_language(rf, error, status):
    try:
        raise error
    except error:
        response = errors.failed(rf.post("/sv/applications/1/edit/"))

    assert response.status_code == status
    assert '<html lang="sv">' in response.text


def test_without_a_language_in_the_address_the_browsers_counts(rf):
    response = errors.unavailable(rf.get("/nowhere/", headers={"accept-language": "fi"}))

    assert '<html lang="fi">' in response.text


LONG_TEXT = "Why our municipality takes part, and what should be different."


@pytest.mark.parametrize(("site", "given_back"), [("same-origin", True), ("cross-site", False)])
def test_a_form_from_a_stale_page_gives_its_text_back(client, site, given_back):
    client.handler.enforce_csrf_checks = True
    form = {"motivation": LONG_TEXT, "password": "p" * 50}

    response = client.post("/fi/accounts/login/", form, headers={"sec-fetch-site": site})

    assert response.status_code == 403
    assert (LONG_TEXT in response.text) == given_back
    assert form["password"] not in response.text
