from email.utils import parseaddr

from django.conf import settings
from django.urls import translate_url
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language


def page(request):
    """What every page's frame needs: the same page in the other languages, and the demo's mark.

    address: where to write to whoever runs the portal, which is where its mails come from.
    """
    return {
        "languages": SimpleLazyObject(lambda: languages(request)),  # a part of a page has no frame
        "demo": settings.DEMO,
        "portal_name": settings.PORTAL_NAME,
        "address": parseaddr(settings.DEFAULT_FROM_EMAIL)[1],
        "mail_days": settings.MAIL_TEXT_DAYS,  # the privacy notice is shown without a view too
    }


def languages(request):
    """(code, name, address of this page, whether it is the page's own) of each language."""
    path = request.get_full_path()
    return [
        (code, name, translate_url(path, code), code == get_language())
        for code, name in settings.LANGUAGES
    ]
