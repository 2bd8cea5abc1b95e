from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Recusal(models.Model):
    """That a person has a conflict of interest with a row: its audit is not shown to them.

    target: the row, as the audit names it. Kept by the app whose row it is: this one knows nothing
    of the apps further along the path.
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="recusals",
        verbose_name=_("person"),
    )
    target = models.CharField(_("on what"), max_length=80)

    class Meta:
        verbose_name = _("recusal")
        verbose_name_plural = _("recusals")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "target"], name="one_recusal_per_person_and_row"
            )
        ]

    def __str__(self):
        return f"{self.user}: {self.target}"
