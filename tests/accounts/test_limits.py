import statistics
import time
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts import limits
from accounts.models import AuditEntry, Tally
from notifications.models import Mail
from tests.accounts.conftest import PASSWORD, code_in, in_parallel, is_in, newest_mail, same_session

FAILED = "user.sign_in_failed"
UNKNOWN = "nobody@town.example"


def evaluated():
    """How many guesses were compared with the truth; only those leave a failed sign-in."""
    return AuditEntry.objects.filter(action=FAILED).count()


def test_of_a_hundred_passwords_at_once_five_are_evaluated(transactional_db, signs_in):
    person = signs_in("member", mfa=False)

    pages = in_parallel(100, lambda n: person.give_password(Client(), f"guess number {n}"))

    assert {page.status_code for page in pages} == {200}
    assert evaluated() == 5
    assert sum("Wait until" in page.text for page in pages) == 95


def test_a_right_password_among_too_many_wrong_ones_opens_nothing(db, client, signs_in):
    person = signs_in("member", mfa=False)
    for n in range(5):
        person.give_password(client, f"guess number {n}")

    page = person.give_password(client)

    assert not is_in(client)
    assert "Wait until" in page.text


def test_of_a_hundred_codes_of_the_app_at_once_five_are_evaluated(
    transactional_db, client, signs_in
):
    person = signs_in("coordinator")
    person.give_password(client)

    in_parallel(100, lambda n: person.give_code(same_session(client), f"{n:06}"))

    assert evaluated() == 5
    person.give_code(client)
    assert not is_in(client)


def test_of_a_hundred_codes_from_the_mail_at_once_five_are_evaluated(
    transactional_db, client, signs_in
):
    person = signs_in("member", mfa=False)
    client.post(reverse("account_request_login_code"), {"email": person.email})
    confirm = reverse("account_confirm_login_code")
    right = code_in(newest_mail(person.email))
    earlier = same_session(client)

    in_parallel(100, lambda n: same_session(earlier).post(confirm, {"code": f"WRONG{n:03}"}))

    assert evaluated() == 5
    earlier.post(confirm, {"code": right})
    assert not is_in(earlier)


def test_one_code_of_the_app_sent_twenty_times_at_once_opens_one_session(
    transactional_db, signs_in
):
    person = signs_in("coordinator")
    clients = [Client() for _ in range(20)]
    for each in clients:
        person.give_password(each)
    code = person.code()

    in_parallel(20, lambda n: person.give_code(clients[n], code))

    assert sum(map(is_in, clients)) <= 1
    assert AuditEntry.objects.filter(action="user.signed_in").count() <= 1


def test_a_right_password_does_not_count(db, signs_in):
    person = signs_in("member", mfa=False)

    clients = [Client() for _ in range(12)]
    for each in clients:
        person.give_password(each)

    assert all(map(is_in, clients))


def test_a_recovery_code_works_once(db, signs_in):
    person = signs_in("coordinator")
    factor = person.user.authenticator_set.get(type="recovery_codes")
    code = factor.wrap().get_unused_codes()[0]
    clients = [Client(), Client()]

    for each in clients:
        person.give_password(each)
        person.give_code(each, code)

    assert [is_in(each) for each in clients] == [True, False]


def test_guesses_from_one_network_end_for_every_address(db, client, settings):
    settings.LIMITS = {"guesses": "8/10"}
    for n in range(8):
        client.post(reverse("account_login"), {"login": f"a{n}@b.example", "password": "x" * 12})

    page = client.post(reverse("account_login"), {"login": "new@b.example", "password": "x" * 12})

    assert "Wait until" in page.text
    assert evaluated() == 8


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", "Too many tries. Wait until"),
        ("fi", "Liian monta yritystä"),
        ("sv", "För många försök"),
    ],
)
def test_whoever_is_locked_out_is_told_until_when(db, client, signs_in, language, words):
    person = signs_in("member", mfa=False)
    with override(language):
        for n in range(5):
            person.give_password(client, f"guess number {n}")

        page = person.give_password(client)
        until = Tally.objects.get(key=limits.key("password", person.email)).ends_at

    shown = timezone.localtime(until)
    assert words in page.text
    assert any(shown.strftime(form) in page.text for form in ("%H:%M", "%H.%M", "%-H.%M"))


def test_a_count_ends_by_itself_and_is_swept(db):
    for _ in range(5):
        limits.take("password", UNKNOWN)
    assert limits.take("password", UNKNOWN)
    Tally.objects.update(ends_at=timezone.now() - timedelta(seconds=1))

    assert limits.take("password", UNKNOWN) is None

    Tally.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    limits.sweep()
    assert not Tally.objects.exists()


def test_the_table_of_counts_names_nobody(db):
    limits.take("password", UNKNOWN)

    assert "nobody" not in Tally.objects.get().key
    assert limits.key("password", UNKNOWN) == limits.key("password", UNKNOWN.upper())


POSTED = [
    ("account_reset_password", {"email": UNKNOWN}, 6),
    ("account_request_login_code", {"email": UNKNOWN}, 6),
    ("account_signup", {"email": "new@b.example"}, 60),
]


@pytest.mark.parametrize(("route", "data", "allowed"), POSTED)
def test_pages_that_send_mails_say_when_it_is_enough(db, route, data, allowed):
    pages = [Client().post(reverse(route), data) for _ in range(allowed + 1)]

    assert [page.status_code for page in pages].count(429) == 1
    assert pages[-1].status_code == 429
    assert "Wait until" in pages[-1].text
    assert int(pages[-1]["Retry-After"]) > 0


def test_a_day_of_ordinary_mistakes_locks_nobody_out(db, signs_in):
    """Three wrong passwords, a reset asked three times, two codes: all of it still works."""
    person, client = signs_in("member", mfa=False), Client()
    for n in range(3):
        person.give_password(client, f"wrong password {n}")
    for _ in range(3):
        assert (
            client.post(reverse("account_reset_password"), {"email": person.email}).status_code
            == 302
        )
    for _ in range(2):
        client.post(reverse("account_request_login_code"), {"email": person.email})

    client.post(reverse("account_confirm_login_code"), {"code": code_in(newest_mail(person.email))})

    assert is_in(client)


def test_one_address_gets_no_flood_of_mails(db, signs_in, settings):
    person = signs_in("member", mfa=False)
    settings.LIMITS = {"mail_requests": "100/10"}

    for _ in range(20):
        Client().post(reverse("account_reset_password"), {"email": person.email})

    assert Mail.objects.filter(to=person.email).count() == 12


def test_signing_up_with_a_taken_address_answers_as_with_a_new_one(db, signs_in):
    person = signs_in("member", mfa=False)
    data = {"password1": PASSWORD, "name": "N", "language": "en"}

    pages = [
        Client().post(reverse("account_signup"), data | {"email": email}, follow=True)
        for email in (person.email, "new@b.example")
    ]

    known, new = (
        (page.redirect_chain, page.text.replace("new@b.example", person.email)) for page in pages
    )
    assert known == new


SAME = [
    ("account_login", lambda email: {"login": email, "password": "not this one at all"}),
    ("account_reset_password", lambda email: {"email": email}),
    ("account_request_login_code", lambda email: {"email": email}),
]


@pytest.mark.parametrize(("route", "data"), SAME)
def test_a_known_address_answers_like_an_unknown_one(db, signs_in, route, data):
    person = signs_in("member", mfa=False)

    pages = [
        Client().post(reverse(route), data(email), follow=True) for email in (person.email, UNKNOWN)
    ]

    known, unknown = (
        (page.redirect_chain, page.status_code, without_token(page.text, person.email))
        for page in pages
    )
    assert known == unknown


def without_token(text, email):
    lines = text.replace(email, UNKNOWN).splitlines()
    return [line for line in lines if "csrf" not in line.lower()]


@pytest.mark.drill  # times many sign-ins
@pytest.mark.parametrize(
    ("route", "data"),
    [
        SAME[0],
        (
            "account_signup",
            lambda email: {"email": email, "password1": PASSWORD, "name": "N", "language": "en"},
        ),
    ],
)
def test_a_known_address_takes_as_long_as_an_unknown_one(db, settings, signs_in, route, data):
    """Measured in processor seconds, in turns, so that a busy machine does not decide."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]
    settings.LIMITS = dict.fromkeys(limits.LIMITS, "1000/10")
    person = signs_in("member", mfa=False)
    get_user_model().objects.get(pk=person.user.pk).check_password(PASSWORD)
    spent = {"known": [], "unknown": []}

    for n in range(9):
        for kind, email in (("known", person.email), ("unknown", f"nobody{n}@town.example")):
            began = time.thread_time()
            Client().post(reverse(route), data(email))
            spent[kind].append(time.thread_time() - began)

    known, unknown = (statistics.median(times) for times in spent.values())
    assert abs(known - unknown) <= 0.10 * max(known, unknown)
