from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IndexanalysisConfig(AppConfig):
    name = "indexanalysis"
    verbose_name = _("Index analysis")
