import pytest
from django.utils.translation import override

from municipalities.forms import SearchForm
from tests.municipalities.factories import load_shipped


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "first", "last"),
    [("fi", "Ahvenanmaa", "Varsinais-Suomi"), ("sv", "Birkaland", "Österbotten")],
)
def test_regions_stand_in_the_order_of_their_names(language, first, last):
    load_shipped()

    with override(language):
        _, *regions = [name for _, name in SearchForm().fields["region"].choices]

    assert (len(regions), regions[0], regions[-1]) == (19, first, last)
