"""The mail domains of municipalities, by which a first person's address is looked at."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from municipalities.models import Municipality


class Standing(models.TextChoices):
    """How an address stands to a municipality's mail domains."""

    INSIDE = "inside", pgettext_lazy("mail address", "in the municipality's domain")
    OUTSIDE = "outside", pgettext_lazy("mail address", "not in the municipality's domain")
    UNKNOWN = "unknown", pgettext_lazy("mail address", "no domain known")


class MailDomain(models.Model):
    """A mail domain of a municipality, kept by leads: "vaasa.fi"."""

    municipality = models.ForeignKey(
        Municipality, models.CASCADE, related_name="mail_domains", verbose_name=_("municipality")
    )
    domain = models.CharField(_("mail domain"), max_length=120)

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "domain"], name="one_row_per_municipality_and_domain"
            )
        ]

    def __str__(self):
        return self.domain


def standing(email, municipality):
    """Where `email` stands to the domains of `municipality`; a subdomain of one is inside."""
    domains = [row.domain for row in municipality.mail_domains.all()]
    if not domains:
        return Standing.UNKNOWN
    own = email.rpartition("@")[2].lower()
    inside = any(own == domain or own.endswith(f".{domain}") for domain in domains)
    return Standing.INSIDE if inside else Standing.OUTSIDE
