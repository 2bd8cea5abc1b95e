"""What the pages call the codes of this app, in the language of the page."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipalities.models import LanguageStatus

AREAS = {
    "participation": pgettext_lazy("policy area", "Participation"),
    "education": pgettext_lazy("policy area", "Education"),
    "culture": _("Cultural and social life"),
    "urban_planning": _("Urban planning"),
    "business": pgettext_lazy("policy area", "Business"),
    "labour_market": _("Labour market"),
    "anti_discrimination": _("Anti-discrimination"),
    "multilingualism": _("Multilingualism"),
}
SPOKEN = {
    "fi": _("Finnish"),
    "sv": _("Swedish"),
    "en": _("English"),
    "se": _("Northern Sámi"),
    "ar": _("Arabic"),
    "et": _("Estonian"),
    "fr": _("French"),
    "de": _("German"),
    "ru": _("Russian"),
    "so": _("Somali"),
    "es": _("Spanish"),
    "uk": _("Ukrainian"),
}
SIZES = {
    "small": _("under 10,000 people"),
    "middle": _("10,000 to 49,999 people"),
    "large": _("50,000 to 99,999 people"),
    "city": _("100,000 people or more"),
}
LANGUAGES = dict(LanguageStatus.choices)
