"""Letters: the texts that leads edit for each call, and what each applicant was told in the end."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.workflow import Refused
from applications import permissions
from applications.models import Application, Letter, LetterText, SelectionLine
from applications.placeholders import filled
from applications.workflow import tell_coordinators
from documents.workflow import queue
from municipalities.models import LanguageStatus
from notifications.models import Kind
from notifications.plain import one_line

SOURCE = Path(__file__).resolve().parents[1] / "data" / "letters.toml"
TASK = "applications.tasks.produce_letter"
SWEDISH = {LanguageStatus.BILINGUAL_SV_MAJORITY, LanguageStatus.UNILINGUAL_SV}


@cache
def texts_to_begin_with():
    """By outcome, the fields of a text as we have worded it."""
    texts = tomllib.loads(SOURCE.read_text())
    return {o: {name: text.strip() for name, text in t.items()} for o, t in texts.items()}


@transaction.atomic
def lay_out(call):
    """Give the call the texts that it still lacks; those that are there stay as they are."""
    for outcome, fields in texts_to_begin_with().items():
        LetterText.objects.get_or_create(call=call, outcome=outcome, defaults=fields)


@dataclass(frozen=True)
class Wording:
    """A letter in the language of whoever reads it now."""

    text: LetterText
    application: Application
    line: SelectionLine

    @property
    def subject(self):
        return one_line(filled(self.text.subject, self.values))

    @property
    def body(self):
        return filled(self.text.body, self.values)

    @property
    def values(self):
        call, answer_by = self.application.call, self.application.answer_by
        return {
            "municipality": self.application.municipality.name,
            "call": call.title,
            "project": call.project.name,
            "reasons": self.line.reason or self.line.selection.reason,
            "answer_by": date_format(answer_by) if answer_by else "",
            "place": str(self.line.position or ""),
        }


def send(line, application, outcome, entry):
    """Write the letter, order its file, and mail it to whoever coordinates.

    application: as it stands after the move that `entry` records. The letter is in the applicant's
    language, the mails in their receivers'.
    """
    text = application.call.letter_texts.get(outcome=outcome)
    wording = Wording(text, application, line)
    language = language_of(application)
    with translation.override(language):
        letter = Letter.objects.create(
            application=application,
            outcome=outcome,
            language=language,
            subject=wording.subject[:300],
            body=wording.body,
        )
    # The portal's own: it is due also when the lead who confirmed has left meanwhile.
    letter.document = queue(TASK, f"letter-{letter.pk}", by=None)
    letter.save(update_fields=["document"])
    tell_coordinators(
        application,
        entry,
        template="emails/application_letter.txt",
        letter=wording,
        kind=Kind.DECISION,
    )


def language_of(application):
    """The applicant's: of who coordinates there for longest, else the municipality's larger one."""
    town = application.municipality
    hats = town.memberships.current().coordinating().select_related("user").order_by("since", "pk")
    first = hats.first()
    if first:
        return first.user.language
    return "sv" if town.language_status in SWEDISH else "fi"


@transaction.atomic
def ask_again(letter, *, by):
    """Have the letter's file made again, where it failed or its time of keeping is over.

    Raises PermissionDenied without the right, Refused where the file is there or on its way.
    """
    if not permissions.can_ask_for_letter(by, letter):
        raise PermissionDenied
    letter = Letter.objects.select_for_update(of=("self",)).get(pk=letter.pk)
    if letter.document.is_ready or letter.document.is_pending:
        raise Refused(_("The letter's file is there already, or is being made."))
    queue(TASK, letter.document.key, by=None)
    record("letter.asked_again", letter, by=by)
