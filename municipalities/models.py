from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipalities.languages import LANGUAGES, in_language
from municipalities.sorting import sort_key

REAL_CODE, DEMO_CODE = r"^[0-9]{3}$", r"^D[0-9]+$"
WELLBEING_COUNTY = "hyvinvointialue"  # every county's Finnish name ends so


class LanguageStatus(models.TextChoices):
    UNILINGUAL_FI = "unilingual_fi", _("Unilingual, Finnish")
    BILINGUAL_FI_MAJORITY = "bilingual_fi_majority", _("Bilingual, Finnish in the majority")
    BILINGUAL_SV_MAJORITY = "bilingual_sv_majority", _("Bilingual, Swedish in the majority")
    UNILINGUAL_SV = "unilingual_sv", _("Unilingual, Swedish")


class SamiHomeland(models.TextChoices):
    NONE = "none", _("Outside the Sámi homeland")
    WHOLE = "whole", _("In the Sámi homeland")
    PART = "part", _("Partly in the Sámi homeland")


class Urbanity(models.TextChoices):
    URBAN = "urban", _("Urban municipality")
    SEMI_URBAN = "semi-urban", _("Semi-urban municipality")
    RURAL = "rural", _("Rural municipality")


@dataclass(frozen=True)
class Figure:
    """A number with all that must stand beside it."""

    label: str | Promise
    value: int | Decimal | None  # None: there is no such figure, which is not 0
    unit: str | Promise
    year: int
    source: str | Promise
    decimals: int = 0


class Region(models.Model):
    code = models.CharField(_("code"), max_length=2, primary_key=True)
    name_fi = models.CharField(_("name in Finnish"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)

    class Meta:
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        ordering = ["code"]

    def __str__(self):
        return self.name

    @property
    def name(self):
        return in_language(self, "name")


class MunicipalityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them, for anybody: the register is public, and the invented ones are marked."""
        return self.all()

    def real(self):
        """Without those invented for the demo."""
        return self.filter(is_demo=False)

    def in_force(self, on):
        """Those that exist on the day `on`; the last day of a merged one counts."""
        return self.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=on))

    def matching(self, text):
        """Those with `text` in one of the three names, or as code. Empty text leaves all.

        Capitals and accents do not matter, and who has no ä may write a; but ä finds only ä.
        """
        key = sort_key(text.strip())
        if not key:
            return self
        found = Q(code__iexact=text.strip())
        rows = self
        for language in LANGUAGES:
            without_dots = Func(
                f"sort_{language}", Value("{|}"), Value("aao"), function="translate"
            )
            rows = rows.alias(**{f"plain_{language}": without_dots})
            found |= Q(**{f"sort_{language}__contains": key})
            found |= Q(**{f"plain_{language}__contains": key})
        return rows.filter(found)

    def by_name(self, language):
        """In the alphabetical order of the names in `language` ("fi", "sv" or "en")."""
        return self.order_by(f"sort_{language}", "code")


class Municipality(models.Model):
    """A municipality of the register. It is never edited by hand: `register.load` writes it.

    A merged one stays, with its last day and its successor. `is_demo` marks an invented one.
    """

    code = models.CharField(_("code"), max_length=8, unique=True)  # "049"; invented: "D01"
    name_fi = models.CharField(_("name in Finnish"), max_length=100)
    name_sv = models.CharField(_("name in Swedish"), max_length=100)
    name_en = models.CharField(_("name in English"), max_length=100)
    # What the names sort by (`sorting.sort_key`): the database itself sorts by code point.
    sort_fi = models.CharField(max_length=200, editable=False)
    sort_sv = models.CharField(max_length=200, editable=False)
    sort_en = models.CharField(max_length=200, editable=False)
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="municipalities", verbose_name=_("region")
    )
    language_status = models.CharField(_("language status"), max_length=30, choices=LanguageStatus)
    sami_homeland = models.CharField(
        _("Sámi homeland"), max_length=10, choices=SamiHomeland, default=SamiHomeland.NONE
    )
    urbanity = models.CharField(_("statistical grouping"), max_length=20, choices=Urbanity)
    # Empty: outside. Helsinki and Åland are outside too; theirs names who provides instead.
    wellbeing_county_fi = models.CharField(max_length=100, blank=True)
    wellbeing_county_sv = models.CharField(max_length=100, blank=True)
    wellbeing_county_en = models.CharField(max_length=100, blank=True)
    employment_area_fi = models.CharField(max_length=100, blank=True)
    employment_area_sv = models.CharField(max_length=100, blank=True)
    employment_area_en = models.CharField(max_length=100, blank=True)
    population = models.PositiveIntegerField(_("population"))  # on 31 December 2022
    # Percent (0-100) whose mother tongue is not Finnish, Swedish or Sámi. Not: born abroad.
    foreign_language_share_2022 = models.DecimalField(
        _("mother tongue other than Finnish, Swedish or Sámi, 2022 (%)"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
    )
    foreign_language_share_2025 = models.DecimalField(
        _("mother tongue other than Finnish, Swedish or Sámi, 2025 (%)"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
    )
    valid_until = models.DateField(_("last day"), null=True, blank=True)
    successor = models.ForeignKey(
        "self",
        models.PROTECT,
        to_field="code",
        null=True,
        blank=True,
        related_name="predecessors",
        verbose_name=_("merged into"),
    )
    is_demo = models.BooleanField(_("invented, for the demo"), default=False)

    objects = MunicipalityQuerySet.as_manager()

    class Meta:
        verbose_name = _("municipality")
        verbose_name_plural = _("municipalities")
        ordering = ["sort_fi", "code"]
        constraints = [
            models.CheckConstraint(
                condition=Q(is_demo=False, code__regex=REAL_CODE)
                | Q(is_demo=True, code__regex=DEMO_CODE),
                name="municipality_code_tells_real_from_invented",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True)
                | (Q(valid_until__isnull=False) & ~Q(successor=F("code"))),
                name="municipality_with_a_successor_has_ended",
            ),
            models.CheckConstraint(
                condition=Q(foreign_language_share_2022__range=(0, 100))
                & Q(foreign_language_share_2025__range=(0, 100)),
                name="municipality_shares_are_percentages",
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("municipalities:detail", args=[self.code])

    @property
    def name(self):
        return in_language(self, "name")

    @property
    def wellbeing_county(self):
        return in_language(self, "wellbeing_county")

    @property
    def employment_area(self):
        return in_language(self, "employment_area")

    @property
    def is_in_wellbeing_county(self):
        """Whether a wellbeing services county provides; not so in Helsinki and on Åland."""
        return self.wellbeing_county_fi.endswith(WELLBEING_COUNTY)

    @property
    def is_bilingual(self):
        return self.language_status in {
            LanguageStatus.BILINGUAL_FI_MAJORITY,
            LanguageStatus.BILINGUAL_SV_MAJORITY,
        }

    @property
    def merged_on(self):
        """The first day on which the successor stands in its place, or None."""
        return self.valid_until + timedelta(days=1) if self.successor_id else None

    @property
    def figures(self):
        """The numbers of this municipality, each with its year and its source."""
        return (self.population_figure(), self.share_figure(2022), self.share_figure(2025))

    def population_figure(self):
        source = _("Statistics Finland, population structure, 31 December 2022")
        return Figure(
            _("Population"),
            self.population,
            pgettext_lazy("unit", "people"),
            2022,
            self.sourced(source),
        )

    def share_figure(self, year):
        return Figure(
            label=_("Share of people whose mother tongue is not Finnish, Swedish or Sámi"),
            value=getattr(self, f"foreign_language_share_{year}"),
            unit="%",
            year=year,
            source=self.sourced(_("Statistics Finland, languages; THL Sotkanet, indicator 127")),
            decimals=1,
        )

    def sourced(self, source):
        return _("Invented for the demo") if self.is_demo else source
