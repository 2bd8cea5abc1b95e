"""The words for classes of municipalities."""

from django.utils.translation import gettext_lazy as _

from municipalities.models import LanguageStatus

SIZES = {
    "small": _("under 10,000 people"),
    "middle": _("10,000 to 49,999 people"),
    "large": _("50,000 to 99,999 people"),
    "city": _("100,000 people or more"),
}
LANGUAGES = dict(LanguageStatus.choices)
