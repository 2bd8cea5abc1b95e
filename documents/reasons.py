from django.utils.translation import gettext_lazy as _

REASONS = {
    "too_long": _("It took too long to make. The texts may be unusually long."),
    "too_large": _("It needed too much memory. The texts may be unusually long."),
    "worker_lost": _("The work on it broke off three times. The project staff can see this too."),
    "error": _("It could not be made because of a fault in the portal, which has been logged."),
}


def sentence(document):
    """Return in words why a document failed; the stored reason is a code with a detail."""
    return REASONS.get(document.reason.split(":", 1)[0], REASONS["error"])
