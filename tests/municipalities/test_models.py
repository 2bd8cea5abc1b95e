from datetime import date
from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import IntegrityError
from django.utils.translation import override

from municipalities.models import Municipality, SamiHomeland
from municipalities.register import demo
from tests.municipalities.factories import load_shipped, named, store

pytestmark = pytest.mark.django_db

HELSINKI = named("091", "Helsinki") | {
    "wellbeing_county_fi": "Helsingin kaupunki",
    "wellbeing_county_sv": "Helsingfors stad",
    "wellbeing_county_en": "City of Helsinki",
}


def names(municipalities):
    return [one.name_fi for one in municipalities]


def test_the_register_is_that_of_the_day_asked_for():
    load_shipped()

    real = Municipality.objects.visible_to(AnonymousUser()).real()

    assert real.count() == 309
    assert real.in_force(date(2024, 12, 31)).count() == 309
    assert real.in_force(date(2025, 1, 1)).count() == 308


def test_a_merged_municipality_stays_and_names_its_successor():
    load_shipped()

    pertunmaa = Municipality.objects.get(code="588")

    assert pertunmaa.successor.name_fi == "Mäntyharju"
    assert pertunmaa.merged_on == date(2025, 1, 1)
    assert pertunmaa.successor.merged_on is None


def test_the_sami_homeland_is_four_municipalities_one_of_them_in_part():
    load_shipped()
    homeland = Municipality.objects.by_name("fi").exclude(sami_homeland=SamiHomeland.NONE)

    assert names(homeland) == ["Enontekiö", "Inari", "Sodankylä", "Utsjoki"]
    assert names(homeland.filter(sami_homeland=SamiHomeland.PART)) == ["Sodankylä"]


def test_33_municipalities_are_bilingual():
    load_shipped()

    assert sum(one.is_bilingual for one in Municipality.objects.all()) == 33


@pytest.mark.parametrize(
    ("language", "municipality", "region", "county", "area"),
    [
        ("fi", "Vaasa", "Pohjanmaa", "Pohjanmaan hyvinvointialue", "Pohjanmaa"),
        ("sv", "Vasa", "Österbotten", "Österbottens välfärdsområde", "Österbotten"),
        ("en", "Vaasa", "Ostrobothnia", "Ostrobothnia wellbeing services county", "Ostrobothnia"),
        (None, "Vaasa", "Pohjanmaa", "Pohjanmaan hyvinvointialue", "Pohjanmaa"),
        ("de", "Vaasa", "Pohjanmaa", "Pohjanmaan hyvinvointialue", "Pohjanmaa"),
    ],
)
def test_texts_follow_the_page_s_language_and_fall_back_to_finnish(
    language, municipality, region, county, area
):
    (vaasa,) = store({})

    with override(language):
        assert (str(vaasa), str(vaasa.region)) == (municipality, region)
        assert (vaasa.wellbeing_county, vaasa.employment_area) == (county, area)


@pytest.mark.parametrize(
    "text", ["Turku", "åbo", "ABO", " Tur ", "853", "A\N{COMBINING RING ABOVE}bo"]
)
def test_a_municipality_is_found_by_its_names_and_its_code(text):
    store(named("853", "Turku", name_sv="Åbo"), named("231", "Kaskinen"))

    assert names(Municipality.objects.matching(text)) == ["Turku"]


def test_it_is_found_by_the_name_in_english_texts():
    load_shipped()

    assert names(Municipality.objects.matching("nykarleby")) == ["Uusikaarlepyy"]
    assert names(Municipality.objects.matching("Mariehamn")) == ["Maarianhamina"]


def test_who_writes_ä_means_ä_and_who_writes_a_may_mean_it():
    store(named("001", "Sälö"), named("002", "Salo"))

    assert names(Municipality.objects.matching("Sälö")) == ["Sälö"]
    assert names(Municipality.objects.matching("salo")) == ["Salo", "Sälö"]


@pytest.mark.parametrize("text", ["%", "_", "xyz", "{|}"])
def test_what_is_no_name_finds_nothing(text):
    store({})

    assert not Municipality.objects.matching(text).exists()


def test_an_empty_text_leaves_all():
    store({})

    assert Municipality.objects.matching("  ").count() == 1


def test_names_stand_in_the_order_of_their_language():
    store(
        named("003", "Vaasa", name_sv="Vasa"),
        named("002", "Äänekoski"),
        named("001", "Turku", name_sv="Åbo"),
        named("004", "Ähtäri", name_sv="Etseri"),
    )
    in_order = Municipality.objects.by_name

    assert names(in_order("fi")) == ["Turku", "Vaasa", "Ähtäri", "Äänekoski"]
    assert [one.name_sv for one in in_order("sv")] == ["Etseri", "Vasa", "Åbo", "Äänekoski"]


def test_beside_every_figure_stand_its_year_and_its_source():
    (vaasa,) = store({})

    figures = [(one.value, str(one.unit), one.year) for one in vaasa.figures]

    assert figures == [
        (67988, "people", 2022),
        (Decimal("10.4"), "%", 2022),
        (Decimal("14.9"), "%", 2025),
    ]
    assert all("Statistics Finland" in str(one.source) for one in vaasa.figures)


def test_the_share_is_one_of_mother_tongues():
    (vaasa,) = store({})

    label = str(vaasa.figures[1].label)

    assert label == "Share of people whose mother tongue is not Finnish, Swedish or Sámi"


def test_an_invented_figure_is_not_ascribed_to_a_statistical_office():
    store({})

    mallila = demo("D01", "Mallila", "Mallby", "Mallila", "15", population=100)

    assert {str(one.source) for one in mallila.figures} == {"Invented for the demo"}
    assert Municipality.objects.real().count() == 1


def test_helsinki_is_outside_the_wellbeing_services_counties():
    vaasa, helsinki = store({}, HELSINKI)

    assert (vaasa.is_in_wellbeing_county, helsinki.is_in_wellbeing_county) == (True, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "D01"},
        {"code": "90"},
        {"is_demo": True},
        {"successor_id": "231"},
        {"successor_id": "905", "valid_until": date(2024, 12, 31)},
        {"foreign_language_share_2025": Decimal("100.1")},
        {"population": -1},
    ],
)
def test_the_database_refuses_what_cannot_be(wrong):
    vaasa, _ = store({}, named("231", "Kaskinen"))

    with pytest.raises(IntegrityError):
        Municipality.objects.filter(pk=vaasa.pk).update(**wrong)
