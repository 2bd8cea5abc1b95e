from io import StringIO

import pytest
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command

from municipalities import register
from municipalities.loading import read
from municipalities.models import LanguageStatus, Municipality
from municipalities.register import Counts, Loaded
from tests.municipalities.factories import file_of, load_shipped, named, store

pytestmark = pytest.mark.django_db


def loaded(path):
    out = StringIO()
    call_command("load_municipalities", path, stdout=out)
    return out.getvalue().splitlines()


def test_the_same_rows_again_change_nothing():
    first, second = load_shipped(), load_shipped()

    assert first == Loaded(309, 0, 0, regions=Counts(19, 0, 0))
    assert second == Loaded(0, 0, 309, regions=Counts(0, 0, 19))


def test_only_what_differs_is_changed():
    vaasa, kaskinen = store({}, named("231", "Kaskinen"))

    counts = register.load(read(file_of({"population_2022": "70000"}, named("231", "Kaskinen"))))

    vaasa.refresh_from_db()
    assert counts == Loaded(0, 1, 1, regions=Counts(0, 0, 1))
    assert vaasa.population == 70_000
    assert Municipality.objects.get(code="231").pk == kaskinen.pk


def test_a_municipality_that_the_file_does_not_name_stays():
    store({}, named("231", "Kaskinen"))

    register.load(read(file_of({})))

    assert Municipality.objects.filter(code="231").exists()


def test_a_register_of_any_size_takes_the_same_few_queries(django_assert_num_queries):
    for rows in [read(file_of({})), read(file_of({}, *[named(f"00{n}", "x") for n in range(9)]))]:
        # A savepoint and its release; of regions and of municipalities one read and one write.
        with django_assert_num_queries(2 + 2 * 2):
            register.load(rows)
        Municipality.objects.all().delete()
        register.Region.objects.all().delete()


def test_the_command_says_what_it_did(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(file_of({}))

    assert loaded(path) == [
        "Regions: 1 created, 0 changed, 0 unchanged.",
        "Municipalities: 1 created, 0 changed, 0 unchanged.",
    ]
    assert loaded(path)[1] == "Municipalities: 0 created, 0 changed, 1 unchanged."


def test_the_command_loads_the_shipped_register_where_no_file_is_named():
    call_command("load_municipalities", stdout=StringIO())

    assert Municipality.objects.count() == 309


def test_the_command_loads_nothing_of_a_file_with_one_bad_line(tmp_path):
    path = tmp_path / "register.csv"
    path.write_bytes(file_of({}, named("231", "Kaskinen", population_2022="-1")))

    with pytest.raises(CommandError, match=r"Line 3: population_2022: -1 is negative\.") as refused:
        loaded(path)

    assert refused.value.returncode == 1
    assert Municipality.objects.count() == 0


def test_the_command_says_so_when_there_is_no_such_file(tmp_path):
    with pytest.raises(CommandError, match="cannot be read"):
        loaded(tmp_path / "missing.csv")


def test_an_invented_municipality_is_marked_and_stored_once():
    store({})

    for population in (100, 200):
        register.demo(
            "D01",
            "Mallila",
            "Mallby",
            "Mallila",
            "15",
            population=population,
            language_status=LanguageStatus.BILINGUAL_SV_MAJORITY,
        )

    mallila = Municipality.objects.get(is_demo=True)
    assert (mallila.population, mallila.sort_sv, mallila.is_bilingual) == (200, "mallby", True)


@pytest.mark.parametrize(
    ("code", "region", "population"),
    [("905", "15", 1), ("X1", "15", 1), ("D01", "99", 1), ("D01", "15", -1), ("D01", "15", None)],
)
def test_an_invented_municipality_that_does_not_fit_is_refused(code, region, population):
    store({})

    with pytest.raises(ValidationError):
        register.demo(code, "Mallila", "Mallby", "Mallila", region, population=population)

    assert not Municipality.objects.filter(is_demo=True).exists()
