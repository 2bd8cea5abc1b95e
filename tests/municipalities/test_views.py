import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from municipalities.register import demo
from tests.municipalities.factories import load_shipped, named, store

pytestmark = pytest.mark.django_db


def address(route="list", *args, language="en"):
    with override(language):
        return reverse(f"municipalities:{route}", args=args)


def listed(page):
    """The names in the page's tables, in their order."""
    return re.findall(r'<th scope="row">\s*<a href="[^"]+">([^<]+)</a>', page.text)


def squeezed(page):
    return " ".join(page.text.split())


def queries(client, url):
    with CaptureQueriesContext(connection) as caught:
        client.get(url)
    return len(caught)


def test_the_register_is_public_and_counts_309(client):
    load_shipped()

    page = client.get(address())

    assert page.status_code == 200
    assert len(listed(page)) == 309
    assert "309 municipalities" in page.text
    assert "Merged into Mäntyharju on 1 January 2025" in squeezed(page)


def test_a_list_of_three_takes_as_many_queries_as_a_list_of_one(client):
    store({})
    one = queries(client, address())
    store(
        named("231", "Kaskinen", region_code="16", region_fi="x", region_sv="x", region_en="x"),
        named("001", "Uusi"),
        named("002", "Vanha", valid_until="2024-12-31", successor_code="001"),
    )

    assert queries(client, address()) == one


def test_the_names_are_those_of_the_page_s_language_in_its_order(client):
    store(
        named("905", "Vaasa", name_sv="Vasa"),
        named("853", "Turku", name_sv="Åbo"),
        named("992", "Äänekoski"),
    )

    assert listed(client.get(address(language="fi"))) == ["Turku", "Vaasa", "Äänekoski"]
    assert listed(client.get(address(language="sv"))) == ["Vasa", "Åbo", "Äänekoski"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "vasa"}, ["Vaasa"]),
        ({"q": "231"}, ["Kaskinen"]),
        ({"region": "01"}, ["Espoo"]),
        ({"language": "unilingual_sv"}, ["Kaskinen"]),
        ({"region": "15", "q": "a"}, ["Kaskinen", "Vaasa"]),
        ({"sort": "population"}, ["Kaskinen", "Vaasa", "Espoo"]),
        ({"sort": "-population"}, ["Espoo", "Vaasa", "Kaskinen"]),
        ({"sort": "-share"}, ["Espoo", "Vaasa", "Kaskinen"]),
        ({"sort": "share"}, ["Vaasa", "Espoo", "Kaskinen"]),
        ({"sort": "-name"}, ["Vaasa", "Kaskinen", "Espoo"]),
        ({"sort": "pk"}, ["Espoo", "Kaskinen", "Vaasa"]),
        ({"region": "x", "language": "x"}, ["Espoo", "Kaskinen", "Vaasa"]),
        ({"q": "a\0"}, ["Espoo", "Kaskinen", "Vaasa"]),
        ({"q": "Rovaniemi"}, []),
    ],
)
def test_the_address_says_what_is_listed_and_in_which_order(client, asked, found):
    uusimaa = {"region_fi": "Uusimaa", "region_sv": "Nyland", "region_en": "Uusimaa"}
    store(
        {},
        named("049", "Espoo", region_code="01", population_2022="305274", **uusimaa)
        | {"foreign_language_share_2025": "25.9"},
        named("231", "Kaskinen", language_status="unilingual_sv", population_2022="1262")
        | {"foreign_language_share_2025": ""},
    )

    page = client.get(address(), asked)

    assert (page.status_code, listed(page)) == (200, found)


def test_a_search_that_finds_nothing_says_what_to_do(client):
    page = client.get(address(), {"q": "Rovaniemi"})

    assert "No municipality fits" in page.text


def test_a_header_keeps_the_search_and_says_how_the_list_is_sorted(client):
    store({})

    page = client.get(address(), {"q": "vaasa", "sort": "-population"})

    assert '<a href="?q=vaasa&amp;sort=population">Population 2022</a>' in page.text
    assert page.text.count("aria-sort") == page.text.count('aria-sort="descending"') == 1


def test_the_list_says_what_its_figures_are_and_where_they_come_from(client):
    store({})

    page = client.get(address())

    assert "Other mother tongue: neither Finnish, Swedish nor Sámi." in page.text
    assert "Statistics Finland, population structure, 31 December 2022." in page.text


def test_invented_municipalities_stand_apart_and_are_not_counted(client):
    store({})
    demo("D01", "Aalto", "Aalto", "Aalto", "15", population=100)

    page = client.get(address())

    assert "1 municipality" in squeezed(page)
    assert listed(page) == ["Vaasa", "Aalto"]
    assert page.text.index("Vaasa") < page.text.index("Invented, for the demo")


def test_a_name_is_shown_as_text(client):
    store(named("905", "<b>Vaasa</b>"))

    assert "<b>Vaasa" not in client.get(address()).text


def test_the_page_of_a_municipality_gives_figures_with_year_and_source(client):
    load_shipped()

    page = client.get(address("detail", "905"))

    text = re.sub(r"<[^>]+>|\s|&nbsp;|\N{NO-BREAK SPACE}", "", page.text)
    assert "67988people2022StatisticsFinland,populationstructure,31December2022" in text
    assert "14.9%2025StatisticsFinland,languages;THLSotkanet,indicator127" in text
    assert "Ostrobothniawellbeingservicescounty" in text
    assert '<dd lang="sv">Vasa</dd>' in page.text


def test_the_page_of_a_merged_municipality_says_into_which_and_when(client):
    load_shipped()

    page = client.get(address("detail", "588"))

    assert "Merged into Mäntyharju on 1 January 2025" in squeezed(page)
    assert f'<a href="{address("detail", "507")}">' in page.text


def test_the_page_of_a_successor_names_what_was_merged_into_it(client):
    load_shipped()

    page = client.get(address("detail", "507"))

    assert f'<a href="{address("detail", "588")}">Pertunmaa</a>' in page.text
    assert "Figures of the time before 1 January 2025 do not include it." in squeezed(page)


def test_a_merger_that_is_still_to_come_is_told_as_such(client):
    tomorrow = timezone.localdate() + timedelta(days=1)
    store({}, named("231", "Kaskinen", valid_until=f"{tomorrow}", successor_code="905"))

    assert "Will be merged into Vaasa on" in squeezed(client.get(address("detail", "231")))


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("091", "Outside the wellbeing services counties (City of Helsinki)"),
        ("035", "Outside the wellbeing services counties (Åland)"),
    ],
)
def test_who_is_outside_the_wellbeing_services_counties_is_told_so(client, code, text):
    load_shipped()

    assert text in squeezed(client.get(address("detail", code)))


def test_the_page_of_an_invented_municipality_says_so(client):
    store({})
    demo("D01", "Aalto", "Aalto", "Aalto", "15", population=100)

    page = client.get(address("detail", "D01"))

    assert "Invented, for the demo" in page.text
    assert "Statistics Finland" not in page.text


def test_a_code_that_is_not_in_the_register_is_not_found(client):
    assert client.get(address("detail", "999")).status_code == 404


def test_the_page_takes_as_many_queries_with_three_predecessors_as_with_one(client):
    ended = {"valid_until": "2024-12-31", "successor_code": "905"}
    store({}, named("001", "A", **ended))
    one = queries(client, address("detail", "905"))
    store({}, named("002", "B", **ended), named("003", "C", **ended))

    assert queries(client, address("detail", "905")) == one
