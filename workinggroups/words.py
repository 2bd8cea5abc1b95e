"""What the pages call the codes of this app, in the language of the page."""

from django.utils.translation import pgettext_lazy

STANDINGS = {
    "covered": pgettext_lazy("coverage", "covered"),
    "thin": pgettext_lazy("coverage", "thin"),
    "missing": pgettext_lazy("coverage", "missing"),
}
