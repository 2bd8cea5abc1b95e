"""The codes of `making` and `checking` in words."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

REASONS = {
    "too_long": gettext_lazy("It took too long to make. The texts may be unusually long."),
    "too_large": gettext_lazy("It needed too much memory. The texts may be unusually long."),
    "worker_lost": gettext_lazy(
        "The work on it broke off three times. The project staff can see this too."
    ),
    "no_room": gettext_lazy(
        "The portal had no room to store it. The project staff can see this too."
    ),
    "denied": gettext_lazy(
        "The person who asked for it may not read it any more. Somebody else can ask for it."
    ),
    "expired": gettext_lazy("Its time of keeping is over. It can be made again as it was."),
    "error": gettext_lazy(
        "It could not be made because of a fault in the portal, which has been logged."
    ),
}


def sentence(document):
    """Return in words why a document failed; the stored reason is a code with a detail."""
    return REASONS.get(document.reason.split(":", 1)[0], REASONS["error"])


REFUSED = {
    "kind": gettext_lazy(
        "This kind of file is not taken. Save it as PDF, Word (.docx), Excel (.xlsx), "
        "OpenDocument text (.odt), PNG or JPEG."
    ),
    "two_endings": gettext_lazy(
        "The file's name has two endings, as harmful files do. Rename it so that one is left."
    ),
    "empty": gettext_lazy("The file is empty. Choose another one."),
    "not_what_it_says": gettext_lazy(
        "The content is not what the name's ending says. Open the file in its program, save it "
        "again and send the new file."
    ),
    "locked_or_old": gettext_lazy(
        "The file is protected by a password or saved in an old format. Save it without a "
        "password in today's format, or as PDF."
    ),
    "macros": gettext_lazy(
        "The file has macros or other programs in it. Save it without them, or as PDF."
    ),
    "damaged": gettext_lazy(
        "The file is damaged and cannot be read. Open it in its program and save it again, or "
        "save it as PDF."
    ),
    "polyglot": gettext_lazy(
        "The file holds something else beside what its name says. Open it in its program and "
        "save it again as a new file."
    ),
    "picture_too_large": gettext_lazy(
        "The picture has more than 40 million pixels or a side of more than 12,000 pixels. Make "
        "it smaller and send it again."
    ),
    "too_much": gettext_lazy(
        "The file is too complicated to be checked. Save it as a plain PDF and send that."
    ),
    "bomb": gettext_lazy(
        "The file would take far too much room when opened. Save it as PDF and send that."
    ),
    "unsafe_archive": gettext_lazy(
        "The file is put together in an unsafe way. Open it in its program and save it again, or "
        "save it as PDF."
    ),
    "nested": gettext_lazy(
        "The file has an archive or a program packed inside. Remove it, or save the file as PDF."
    ),
    "entities": gettext_lazy(
        "The file uses a technique that is not safe to open. Open it in its program and save it "
        "again, or save it as PDF."
    ),
    "virus": gettext_lazy(
        "The virus check found something harmful in the file. It was not stored. Tell your "
        "municipality's IT support."
    ),
    "scanner_away": gettext_lazy(
        "The virus check cannot be reached just now, so the file was not stored. Try again later."
    ),
    "no_room": gettext_lazy(
        "The portal has no room for the file just now, so it was not stored. The fault is ours: "
        "try again later."
    ),
}

FLAGS = {
    "javascript": gettext_lazy("has JavaScript in it"),
    "starts_by_itself": gettext_lazy("does something by itself when it is opened"),
    "launches": gettext_lazy("can start another program"),
    "embedded_file": gettext_lazy("has another file inside"),
    "sends_form": gettext_lazy("can send a form elsewhere"),
    "media": gettext_lazy("has sound or moving pictures in it"),
    "restricted": gettext_lazy("forbids copying, changing or printing"),
    "external_link": gettext_lazy("fetches something from another address when it is opened"),
    "commands": gettext_lazy("has a field that can run a command or fetch a file"),
}


def why_refused(code):
    """Return in words why a file was not taken in, and what to do about it."""
    limits = {
        "too_big": (
            _("The file is larger than %s MB. Make it smaller, for example by smaller pictures."),
            settings.UPLOAD_FILE_BYTES,
        ),
        "bundle_full": (
            _("With this file the attachments would be larger than %s MB together. Remove one."),
            settings.UPLOAD_BUNDLE_BYTES,
        ),
        "town_full": (
            _("With this file your municipality's files would be larger than %s MB together."),
            settings.UPLOAD_TOWN_BYTES,
        ),
    }
    if code in limits:
        text, most = limits[code]
        return text % (most >> 20)
    return REFUSED[code]
