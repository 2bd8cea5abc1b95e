"""Letters: the texts that leads edit, what each applicant gets, and the file of it."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accounts.models import AuditEntry
from accounts.workflow import Refused
from applications.forms.letters import WORDED
from applications.models import Letter, LetterText
from applications.placeholders import ALLOWED, unknown
from applications.tasks import letter_page, produce_letter
from applications.workflow import letters, places, selections
from documents.models import Document
from documents.rendering import to_pdf
from notifications.models import Mail
from tests.applications.calls_forms import sent
from tests.factories import CallFactory, MembershipFactory
from tests.pdf import failing_rules

LANGUAGES = ("en", "fi", "sv")


def test_every_call_begins_with_our_texts_and_keeps_its_own(call):
    letters.lay_out(call)
    call.letter_texts.filter(outcome="selected").update(subject_en="Ours now")
    letters.lay_out(call)

    assert call.letter_texts.count() == len(LetterText.Outcome)
    assert call.letter_texts.get(outcome="selected").subject_en == "Ours now"


def test_a_call_made_in_the_admin_comes_with_its_letters(client, lead, call):
    client.force_login(lead)

    form = sent(call.project, slug="new")
    answer = client.post(reverse("admin:applications_call_add"), form)

    assert answer.status_code == 302
    assert LetterText.objects.filter(call__slug="new").count() == 4


@pytest.mark.parametrize("outcome", LetterText.Outcome.values)
def test_the_texts_to_begin_with_name_only_what_is_replaced(outcome):
    texts = letters.texts_to_begin_with()[outcome]

    assert set(texts) == set(WORDED)
    for name, text in texts.items():
        assert unknown(text, outcome) == []
        if name.startswith("body"):
            assert "{reasons}" in text
            assert all(f"{{{p}}}" in text for p in ALLOWED[outcome] if p == "answer_by")


def test_each_applicant_gets_its_letter_with_its_reasons(decided, shortlist):
    found = {letter.application_id: letter for letter in Letter.objects.all()}

    first, third = found[shortlist[0].pk], found[shortlist[2].pk]
    assert (first.outcome, third.outcome) == ("selected", "reserve")
    assert "CANARY-line-reason" in first.body
    assert third.subject == f"Varasija 1: {shortlist[2].municipality.name_fi}"
    assert "{" not in first.body + third.body
    assert Document.objects.filter(letters__isnull=False).count() == 4


def test_without_reasons_of_its_own_a_letter_has_the_general_ones_in_its_language(reserved):
    letter = reserved.letters.get()

    assert letter.language == "fi"
    assert "Pisteiden mukaan." in letter.body
    assert "By the scores." not in letter.body


def test_letters_are_in_the_applicant_s_language_and_mails_in_their_reader_s(
    put_forward, second_lead, town
):
    swede = MembershipFactory(municipality=town, user__language="sv")
    later = swede.since + timedelta(days=1)
    other = MembershipFactory(municipality=town, user__language="en", since=later)

    selections.confirm(put_forward(), by=second_lead)

    assert Letter.objects.get(application__municipality=town).subject.startswith("Vald att delta")
    assert Mail.objects.get(user=swede.user).subject.startswith("Vald att delta")
    assert Mail.objects.get(user=other.user).subject.startswith("Selected to take part")


def test_a_municipality_without_a_coordinator_gets_it_in_its_larger_language(in_review):
    finnish = letters.language_of(in_review)
    in_review.municipality.language_status = "bilingual_sv_majority"

    assert (finnish, letters.language_of(in_review)) == ("fi", "sv")


def test_what_was_sent_stays_when_the_text_is_changed(letter):
    LetterText.objects.update(body_en="New.", body_fi="Uusi.", body_sv="Ny.")

    letter.refresh_from_db()

    assert "CANARY-line-reason" in letter.body


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_file_is_a_pdf_for_everybody(letter, language, tmp_path):
    Letter.objects.update(language=language)

    html, name = letter_page(letter.document)
    file = tmp_path / name
    file.write_bytes(to_pdf(html))

    assert f'lang="{language}"' in html
    assert name.endswith(f"-{language}.pdf")
    assert failing_rules(file) == []


def test_the_task_makes_the_file_once(letter):
    produce_letter(letter.document_id)
    produce_letter(letter.document_id)

    letter.document.refresh_from_db()
    assert letter.document.state == "ready"
    assert letter.document.attempt == 1


def test_the_coordinator_reads_and_downloads_it_and_staff_s_reading_is_written_down(
    client, stored_letter, coordinator, lead
):
    urls = [
        reverse("applications:detail", args=[stored_letter.application_id]),
        reverse("applications:letter", args=[stored_letter.pk]),
    ]
    client.force_login(coordinator)
    page, file = map(client.get, urls)
    assert stored_letter.subject in page.text
    assert b"".join(file.streaming_content).startswith(b"%PDF")
    assert not AuditEntry.objects.filter(action="letter.downloaded").exists()

    client.force_login(lead)
    b"".join(client.get(urls[1]).streaming_content)

    assert AuditEntry.objects.get(action="letter.downloaded").by == lead


def test_a_file_that_failed_can_be_asked_for_again(letter, coordinator, member, reviewer):
    with pytest.raises(Refused, match="there already, or is being made"):
        letters.ask_again(letter, by=coordinator)
    Document.objects.update(state="failed")
    for person in (member, reviewer):
        with pytest.raises(PermissionDenied):
            letters.ask_again(letter, by=person)

    letters.ask_again(Letter.objects.get(pk=letter.pk), by=coordinator)

    assert Document.objects.get(letters=letter).state == "queued"


def test_a_promotion_says_the_new_day(offered, shortlist, coordinator):
    places.answer(offered, "declined", by=coordinator)

    letter = Letter.objects.get(outcome="promoted")
    assert letter.application == shortlist[2]
    assert f"{offered.answer_by:%-d.%-m.%Y}" in letter.body  # the same length from the same day


@pytest.fixture
def edit(client, lead, letter_text):
    def send(**changes):
        client.force_login(lead)
        url = reverse("admin:applications_lettertext_change", args=[letter_text.pk])
        fields = {name: getattr(letter_text, name) for name in WORDED} | changes
        return client.post(url, fields)

    return send


def test_a_placeholder_that_does_not_exist_is_named_at_its_field(edit, letter_text):
    page = edit(body_fi="Hei {municipality} {user.password} {place}", subject_en="Kept")

    assert "{user.password}, {place} is not a placeholder of this letter." in page.text
    assert "{municipality}, {call}, {project}, {reasons}, {answer_by}" in page.text
    assert "Kept" in page.text
    letter_text.refresh_from_db()
    assert "{user.password}" not in letter_text.body_fi


def test_a_reworded_text_is_stored_written_down_and_shown(edit, client, letter_text):
    answer = edit(subject_sv="Ny rubrik: {municipality}")

    page = client.get(reverse("admin:applications_lettertext_change", args=[letter_text.pk]))
    assert answer.status_code == 302
    assert "Ny rubrik: Björkstrand" in page.text
    assert AuditEntry.objects.get(action="lettertext.changed").note == "subject_sv"


TYPED = ["{{ 7|add:7 }}", "{% debug %}", "{0.__class__}", "%(name)s", "${7*7}", "<b>x</b>"]


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_written_as_reasons_is_shown_as_it_is(letter, typed):
    Letter.objects.update(body=typed)

    html, _name = letter_page(letter.document)

    assert typed.replace("<", "&lt;").replace(">", "&gt;") in html


def test_the_application_s_page_costs_the_same_with_a_letter_more(count, offered, coordinator):
    one = count(coordinator, "applications:detail", offered.pk)
    file = offered.letters.get().document
    words = {"language": "fi", "subject": "x", "body": "y"}
    Letter.objects.create(application=offered, outcome="promoted", document=file, **words)

    assert count(coordinator, "applications:detail", offered.pk) == one


def test_calls_of_others_have_texts_of_their_own(letter_text):
    other = CallFactory()
    letters.lay_out(other)

    assert other.letter_texts.get(outcome="selected").pk != letter_text.pk
