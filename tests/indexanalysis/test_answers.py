"""The pages of one answer: its history, what is said about it, and what is suggested."""

import pytest
from django.urls import reverse

from accounts.models import AuditEntry
from drafting.models import Comment, Proposal
from drafting.saving import save


@pytest.fixture
def url(assessment):
    return lambda name, *args: reverse(
        f"indexanalysis:{name}", args=[assessment.pk, "COM-01", *args]
    )


@pytest.fixture
def answer(assessment):
    return lambda: assessment.answers.get(question="COM-01")


@pytest.fixture
def versions(answer, coordinator, member):
    """Three versions of COM-01's example."""
    save(answer(), {"example": "One old school."}, read=0, by=coordinator)
    save(answer(), {"example": "One new school."}, read=1, by=member)
    save(answer(), {"example": "Two new schools."}, read=2, by=coordinator)


def test_the_history_shows_who_changed_what(client, url, versions, coordinator, member):
    client.force_login(member)

    page = client.get(url("history")).text

    assert coordinator.name in page
    assert member.name in page
    assert page.count("<del>") == 3  # One, school; old
    assert 'action="' + url("restore", 1) in page
    assert 'action="' + url("restore", 3) not in page


def test_an_old_version_is_restored_as_a_new_one(client, url, answer, versions, member):
    client.force_login(member)

    for _ in range(2):  # a second click finds another version, and changes nothing
        client.post(url("restore", 1), {"read": 3})

    row = answer()
    assert (row.example, row.version, row.changed_by) == ("One old school.", 4, member)
    assert row.values_at(3, ["example"]) == {"example": "Two new schools."}
    assert AuditEntry.objects.filter(action="answer.restored").count() == 1


def test_what_was_saved_since_the_history_was_opened_is_not_overwritten(
    client, url, answer, versions, member
):
    client.force_login(member)

    page = client.post(url("restore", 1), {"read": 2}, follow=True)

    assert "Somebody saved meanwhile" in page.text
    assert answer().example == "Two new schools."


def test_a_version_that_never_was_is_not_found(client, url, versions, member):
    client.force_login(member)

    assert client.post(url("restore", 9), {"read": 3}).status_code == 404


def test_a_comment_of_another_answer_is_not_found(client, assessment, said, member):
    client.force_login(member)
    foreign = reverse("indexanalysis:comment_move", args=[assessment.pk, "COM-02", said.pk, "done"])

    assert client.post(foreign).status_code == 404
    assert Comment.objects.waiting().exists()


def test_a_comment_is_text_and_stays_text(client, url, member):
    client.force_login(member)
    typed = "<script>alert(1)</script> @member"

    page = client.post(url("comment"), {"text": typed, "key": "k"}, follow=True)

    assert Comment.objects.get().text == typed
    assert "<script>alert" not in page.text
    assert "&lt;script&gt;" in page.text


def test_an_empty_comment_gets_a_sentence_and_a_double_one_is_one(client, url, member):
    client.force_login(member)

    empty = client.post(url("comment"), {"text": " ", "key": "k"})
    for _ in range(2):
        client.post(url("comment"), {"text": "Once.", "key": "k"})

    assert empty.status_code == 400
    assert "This field is required" in empty.text
    assert Comment.objects.count() == 1


def test_a_withdrawn_comment_is_named_but_not_shown(client, url, said, member):
    client.force_login(member)
    client.post(url("comment_move", said.pk, "withdrawn"))

    page = client.get(url("about")).text

    assert "CANARY-comment" not in page
    assert "withdrawn by its writer" in page


def test_only_people_with_a_hat_here_can_be_chosen(client, url, person, member):
    client.force_login(member)
    outsider, expert = person("other_member"), person("expert")

    refused = client.post(url("comment"), {"text": "Look.", "people": [outsider.pk], "key": "k"})
    taken = client.post(url("comment"), {"text": "Look.", "people": [expert.pk], "key": "k"})

    assert (refused.status_code, taken.status_code) == (400, 302)
    assert list(Comment.objects.get().mentioned.all()) == [expert]


def test_a_reader_suggests_and_a_member_takes_it_in(
    client, url, assessment, answer, person, member
):
    option = assessment.edition.question("COM-01").option_codes[0]
    client.force_login(person("reader"))
    sent = {"COM-01-read": 0, "COM-01-value": option, "COM-01-example": "As decided.", "key": "k"}
    for _ in range(2):
        client.post(url("propose"), sent)
    proposal = Proposal.objects.get()
    assert answer().version == 0

    client.force_login(member)
    page = client.get(url("about")).text
    client.post(url("proposal_move", proposal.pk, "taken"), {"read": 0, "names": ["value"]})

    assert "As decided." in page
    row = answer()
    assert (row.value, row.example, row.changed_by) == (option, "", member)
    assert Proposal.objects.get().state == Proposal.State.PARTLY


def test_a_suggestion_that_cannot_be_stored_gets_a_sentence_and_keeps_what_was_typed(
    client, url, person
):
    client.force_login(person("reader"))

    page = client.post(url("propose"), {"COM-01-read": 0, "COM-01-example": "x" * 4001})

    assert page.status_code == 400
    assert "at most 4000 characters" in page.text
    assert "x" * 4001 in page.text
    assert not Proposal.objects.exists()


def test_a_save_says_in_its_headers_what_is_stored(client, assessment, member, answer):
    client.force_login(member)
    save_url = reverse("indexanalysis:answer", args=[assessment.pk, "COM-01"])

    page = client.post(
        save_url,
        {"COM-01-read": 0, "COM-01-example": "New.", "key": "k"},
        headers={"hx-request": "true"},
    )

    assert page["X-Version"] == "1"
    assert page["X-Saved-At"] == answer().changed_at.isoformat()


def test_a_save_sent_again_by_its_key_answers_as_the_first_time(
    client, assessment, member, answer, coordinator
):
    client.force_login(member)
    save_url = reverse("indexanalysis:answer", args=[assessment.pk, "COM-01"])
    sent = {"COM-01-read": 0, "COM-01-example": "New.", "key": "k"}

    def send():
        return client.post(save_url, sent, headers={"hx-request": "true"})

    first = send()
    save(answer(), {"example": "Newer."}, read=1, by=coordinator)
    again = send()

    assert (again.status_code, again.content) == (200, first.content)
    assert (again["X-Version"], again["X-Saved-At"]) == (first["X-Version"], first["X-Saved-At"])
    assert answer().example == "Newer."


def test_two_who_answer_one_language_side_each_are_joined(client, town, assessment, coordinator):
    town.language_status = "bilingual_fi_majority"
    town.save()
    question = next(q for q in assessment.edition.questions if q.language_sides)
    save_url = reverse("indexanalysis:answer", args=[assessment.pk, question.code])
    client.force_login(coordinator)
    for side in ("fi", "sv"):
        option = question.option_codes[0]
        client.post(save_url, {f"{question.code}-read": 0, f"{question.code}-value{side}": option})

    stored = assessment.answers.get(question=question.code).value

    assert stored == {"fi": question.option_codes[0], "sv": question.option_codes[0]}
