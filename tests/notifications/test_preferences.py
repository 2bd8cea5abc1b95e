import pytest
from django.urls import reverse
from django.utils.translation import override

from notifications.models import OFFERED, Kind, Preference, Rhythm
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db
NOW = {kind: "now" for kind in OFFERED if kind != "staff"}


@pytest.fixture
def reader(client):
    user = UserFactory()
    client.force_login(user)
    return user


def page(language="en"):
    with override(language):
        return reverse("notifications:preferences")


def chosen(user):
    return dict(user.mail_preferences.values_list("kind", "rhythm"))


def test_a_choice_is_kept_and_shown(client, reader):
    answer = client.post(page(), NOW | {"comment": "weekly"}, follow=True)

    assert answer.redirect_chain == [(page(), 302)]
    assert chosen(reader) == {"comment": "weekly"}
    assert '<option value="weekly" selected>' in answer.text


def test_back_to_the_default_is_a_choice_too(client, reader):
    client.post(page(), NOW | {"comment": "off"})
    client.post(page(), NOW)

    assert chosen(reader) == {"comment": "now"}


def test_a_second_click_changes_nothing(client, reader):
    answers = [client.post(page(), NOW | {"comment": "daily"}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert chosen(reader) == {"comment": "daily"}


@pytest.mark.parametrize(
    "wrong", [{"decision": "off"}, {"comment": "hourly"}, {"application": ""}, {"comment": "\x00"}]
)
def test_what_is_not_offered_is_refused_at_its_field_and_the_rest_is_kept(client, reader, wrong):
    answer = client.post(page(), NOW | {"questionnaire": "weekly"} | wrong)

    form = answer.context["form"]
    assert answer.status_code == 400
    assert list(form.errors) == list(wrong)
    assert form["questionnaire"].value() == "weekly"
    assert chosen(reader) == {}


def test_security_and_invitations_cannot_be_chosen_by_hand(client, reader):
    client.post(page(), NOW | {"security": "off", "invitation": "off", "digest": "off"})

    assert chosen(reader) == {}


def test_one_person_does_not_choose_for_another(client, reader):
    other = UserFactory()

    client.post(page(), NOW | {"comment": "off", "user": other.pk, "user_id": other.pk})

    assert chosen(other) == {}


def test_only_staff_are_asked_about_the_staffs_work(client, reader, lead):
    before = client.get(page()).context["form"].fields

    client.force_login(lead)
    after = client.get(page()).context["form"].fields

    assert "staff" not in before
    assert "staff" in after


def test_staff_choose_about_their_work(client, lead):
    client.force_login(lead)

    client.post(page(), NOW | {"staff": "daily"})

    assert chosen(lead) == {"staff": "daily"}


def test_a_rhythm_that_is_no_longer_offered_falls_back(client, reader):
    Preference.objects.create(user=reader, kind=Kind.DECISION, rhythm=Rhythm.OFF)

    assert client.get(page()).context["form"]["decision"].value() == Rhythm.NOW


@pytest.mark.parametrize("language", ["en", "fi", "sv"])
def test_the_page_says_why_some_mails_always_come(client, reader, language):
    answer = client.get(page(language))

    assert answer.status_code == 200
    assert answer.text.count("<select") == len(NOW)
    assert 'id="always"' in answer.text


def test_my_account_leads_here(client, reader):
    assert page() in client.get(reverse("accounts:profile")).text
