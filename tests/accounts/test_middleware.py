from django.urls import reverse


def test_a_member_needs_no_second_factor(client, person):
    client.force_login(person("member", mfa=False))

    assert client.get(reverse("journey:home")).status_code == 200


def test_setting_up_the_factor_and_signing_out_stay_open(client, person):
    client.force_login(person("coordinator", mfa=False))

    signing_out = client.get(reverse("account_logout"))
    factors = client.get(reverse("mfa_index"))

    assert (signing_out.status_code, factors.status_code) == (200, 200)


def test_what_a_signed_in_person_sees_is_never_stored(client, person):
    client.force_login(person("member"))

    page = client.get(reverse("journey:start"))

    assert page["Cache-Control"] == "private, no-store"
    assert "Cookie" in page["Vary"]


def test_every_answer_carries_the_closed_content_policy(client, person):
    client.force_login(person("lead"))
    for route in ("journey:start", "account_login", "journey:home", "admin:index"):
        policy = client.get(reverse(route), follow=True)["Content-Security-Policy"]

        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
