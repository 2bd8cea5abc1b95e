"""Picking the municipality to apply for: what the register says, and what it takes to apply."""

import re

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import ApplicationFactory, CallFactory, MunicipalityFactory


@pytest.fixture
def pick(client, call, person):
    def get(name, **query):
        client.force_login(person(name))
        return client.get(reverse("applications:pick", args=[call.slug]), query)

    return get


def test_the_search_takes_every_language_and_no_word_finds_nothing(pick, town):
    for text in ("omal", "HEMB"):
        assert f"?municipality={town.code}" in pick("stranger", q=text).text
    assert "?municipality=" not in pick("stranger").text
    assert "No municipality fits" in pick("stranger", q="qqq").text


def test_a_long_list_is_cut_and_says_so(pick):
    MunicipalityFactory.create_batch(25)

    page = pick("stranger", q="kunta").text

    assert page.count("?municipality=") == 20
    assert "The first 20 are shown." in page


def test_the_facts_come_with_source_and_year(pick, town):
    page = pick("stranger", municipality=town.code).text

    assert re.search(r"12\W345", page)
    assert "Statistics Finland, population structure, 31 December 2022" in page
    assert "Uusimaa" in page
    assert "Unilingual, Finnish" in page


def test_who_has_no_part_is_led_to_the_request_for_access(client, pick, town):
    page = pick("stranger", municipality=town.code).text
    link = f"{reverse('accounts:access')}?municipality={town.code}"

    form = client.get(link).text

    assert link in page
    assert f'value="{town.pk}" selected' in form


def test_a_coordinator_begins_and_a_member_is_sent_to_the_coordinator(pick, town, call):
    start = reverse("applications:start", args=[call.slug])

    assert start in pick("coordinator", municipality=town.code).text
    page = pick("member", municipality=town.code).text
    assert start not in page
    assert reverse("accounts:town", args=[town.pk]) in page


def test_a_second_application_is_explained_with_a_link_to_the_first(pick, town, call):
    draft = ApplicationFactory(call=call, municipality=town)

    page = pick("coordinator", municipality=town.code).text

    assert "A municipality applies once." in page
    assert draft.get_absolute_url() in page
    assert "applies once" not in pick("stranger", municipality=town.code).text  # nobody's business


def test_a_partner_is_led_to_the_joint_application(pick, joined):
    call = joined.application.call
    page = pick("other_member", municipality=joined.municipality.code)

    assert "together with" not in page.text  # another call
    url = reverse("applications:pick", args=[call.slug])
    page = page.client.get(url, {"municipality": joined.municipality.code})
    assert "Muuala applies to this call together with Omala." in page.text
    assert joined.application.get_absolute_url() in page.text


def test_a_merged_municipality_leads_to_its_successor(pick, town, other_town):
    town.successor, town.valid_until = other_town, timezone.localdate()
    town.save()

    page = pick("coordinator", municipality=town.code).text

    assert "Omala has merged into Muuala, which can apply." in page
    assert f"?municipality={other_town.code}" in page


def test_a_closed_call_takes_nobody(client, coordinator, town):
    client.force_login(coordinator)
    url = reverse("applications:pick", args=[CallFactory(closed=True).slug])

    page = client.get(url, {"municipality": town.code})

    assert "This call is not open now" in page.text


@pytest.mark.parametrize("query", [{"municipality": "xx"}, {"municipality": "1' OR 1=1"}])
def test_what_is_not_in_the_register_is_not_found(pick, query):
    assert pick("stranger", **query).status_code == 404


@pytest.mark.parametrize("text", ["x" * 101, "\x00", "%", "_", "'; --"])
def test_odd_words_find_nothing_and_break_nothing(pick, town, text):
    page = pick("stranger", q=text)

    assert page.status_code == 200
    assert f"?municipality={town.code}" not in page.text


def test_picking_costs_the_same_for_one_and_for_three(client, count, call, coordinator):
    MunicipalityFactory(name_fi="Aaa")
    one = count_of(client, count, call, coordinator)
    MunicipalityFactory.create_batch(2, name_fi="Aaa")

    assert count_of(client, count, call, coordinator) == one


def count_of(client, count, call, user):
    client.force_login(user)
    return count(user, "applications:pick", call.slug)
