"""One answer: written, read again in its history, talked about, and suggested."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.workflow import Refused
from drafting import pages, saving
from drafting import workflow as drafting
from drafting.forms import CommentForm, DecisionForm, NoteForm
from drafting.models import Comment, Proposal
from indexanalysis import permissions
from indexanalysis.answering import progress
from indexanalysis.forms import AnswerForm
from indexanalysis.models import Answer, Assessment
from indexanalysis.report import Given
from indexanalysis.report import row as report_row
from indexanalysis.words import texts_of

ROUTES = {
    "comment": "indexanalysis:comment",
    "move": "indexanalysis:comment_move",
    "proposal": "indexanalysis:proposal_move",
    "restore": "indexanalysis:restore",
}


def section_or_404(shipped, code):
    try:
        return shipped.section(code)
    except KeyError:
        raise Http404 from None


def visible(request, pk):
    return get_object_or_404(Assessment.objects.visible_to(request.user).with_town(), pk=pk)


def values_of(assessment):
    return dict(assessment.answers.values_list("question", "value"))


def progress_of(assessment, section, values):
    """For the template: how far the whole is, and this section."""
    whole, sections = progress(assessment.edition, values)
    return {"progress": whole, "section_progress": sections[section.code]}


def form_of(assessment, answer, data=None):
    question = assessment.edition.question(answer.question)
    bilingual = assessment.municipality.is_bilingual
    return AnswerForm(data, question=question, answer=answer, bilingual=bilingual)


def row_of(assessment, answer):
    """The answer in words, in the language of the page."""
    given = Given(answer.value, answer.example, answer.reason)
    return report_row(assessment.edition.question(answer.question), given, get_language())


def beside(answers):
    """For the template: by answer's key, how many comments and suggestions wait for somebody."""
    comments = Comment.objects.beside(answers).waiting().counted()
    proposals = Proposal.objects.beside(answers).open().counted()
    return {a.pk: (comments.get(a.pk, 0), proposals.get(a.pk, 0)) for a in answers}


def to_write(request, pk, question):
    """The assessment and its answer, the answer locked; who may write is asked behind the lock.

    Submitting locks every answer: a save in flight is part of what is handed in, or refused.
    """
    answers = Answer.objects.select_for_update(of=("self",))
    answer = get_object_or_404(answers, assessment=pk, question=question)
    assessments = Assessment.objects.visible_to(request.user)
    assessments = assessments.select_related("participation__municipality", "round")
    assessment = get_object_or_404(assessments, pk=pk)
    if not permissions.can_write(request.user, assessment):
        raise PermissionDenied
    return assessment, answer


@require_POST
def answer_save(request, pk, question):
    """Save one question; a page with JavaScript gets a few lines back, one without the section."""
    assessment, answer = to_write(request, pk, question)
    form = form_of(assessment, answer, request.POST)
    if not form.is_valid():
        return answer_page(request, assessment, form, "invalid", status=400)
    saved = saving.save_locked(
        answer,
        form.values,
        read=form.cleaned_data["read"],
        by=request.user,
        key=request.POST.get("key", ""),
        base=base_of(request, assessment, answer),
    )
    if not saved.went_in:
        return conflict(request, assessment, saved)
    form = form_of(assessment, pages.row_of(saved))
    if request.htmx:
        return answer_page(request, assessment, form, "joined" if saved.joined else "saved")
    messages.success(request, said_of(saved, question))
    return redirect(place_in_section(assessment, form.question))


def base_of(request, assessment, answer):
    """What the page goes on from where it is not the version that it names; None as a rule."""
    sent = pages.sent_before(request)
    form = form_of(assessment, answer, sent) if sent else None
    return form.values if form and form.is_valid() else None


def said_of(saved, question):
    if saved.joined:
        text = _("The answer to %s is saved, together with what a colleague wrote meanwhile.")
        return text % question
    return _("The answer to %s is saved.") % question


def place_in_section(assessment, question):
    section = reverse("indexanalysis:section", args=[assessment.pk, question.section])
    return f"{section}#question-{question.code}"


def answer_page(request, assessment, form, outcome, status=200):
    """What came of a save: a few lines for the script, or a page of its own."""
    section = assessment.edition.section(form.question.section)
    context = {"assessment": assessment, "section": section, "form": form, "outcome": outcome}
    name = "_answer_status" if request.htmx else "answer"
    if request.htmx and status == 200:
        context |= progress_of(assessment, section, values_of(assessment))
    response = render(request, f"indexanalysis/{name}.html", context, status=status)
    return pages.acknowledge(response, request, form.answer)


def conflict(request, assessment, saved):
    """Both texts. What is sent from here rests on the stored version, so nothing is lost unseen.

    What only one of the two changed is joined already: it goes along with either choice.
    """
    stored = saved.row
    mine = Answer(question=stored.question, version=stored.version, **saved.values)
    form = form_of(assessment, mine)
    question = form.question
    context = {
        "assessment": assessment,
        "section": assessment.edition.section(question.section),
        "form": form,
        "parts": parts_of(assessment, question, stored, saved.values, saved.differing),
        "stored": stored,
        "is_own": stored.changed_by_id == request.user.pk,
        "sent": sent(form),
        "action": reverse("indexanalysis:answer", args=[assessment.pk, question.code]),
        "back": place_in_section(assessment, question),
        "outcome": "conflict",
    }
    name = "_answer_status" if request.htmx else "conflict"
    response = render(request, f"indexanalysis/{name}.html", context, status=409)
    return pages.acknowledge(response, request, stored)


def sent(form):
    """(name, value) of what the form holds, to be sent as hidden fields."""
    fields = [(form.add_prefix(name), form[name].value()) for name in form.fields]
    return [
        (name, one)
        for name, value in fields
        for one in (value if isinstance(value, list) else [value])
        if one not in (None, "")
    ]


def parts_of(assessment, question, stored, values, names):
    """Of the fields `names`: what is stored beside `values`, in words."""
    language, prefix = get_language(), question.code
    theirs = {name: getattr(stored, name) for name in values}
    pairs = zip(texts_of(question, theirs, language), texts_of(question, values, language),
                ("value", "reason", "example"), strict=True)  # fmt: skip
    return [
        pages.Part(label, before, after, "" if name == "value" else f"{prefix}-{name}")
        for (label, before), (_same, after), name in pairs
        if name in names
    ]


def to_read(request, pk, question):
    """The assessment and one of its answers, for everybody who sees it."""
    assessment = visible(request, pk)
    answers = assessment.answers.select_related("changed_by")
    return assessment, get_object_or_404(answers, question=question)


def place_of(assessment, answer):
    return drafting.Place(
        municipality=assessment.municipality,
        route="indexanalysis:about",
        parent=assessment.pk,
        code=answer.question,
        title=answer.question,
    )


def people_of(assessment):
    """Everybody with a hat for this assessment's answers: the municipality's people and experts."""
    town = assessment.municipality
    return town.memberships.current().people() | town.assignments.current().people()


@require_safe
def answer_about(request, pk, question):
    """What is suggested for an answer and said about it."""
    return about(request, *to_read(request, pk, question))


def about(request, assessment, answer, status=200, **forms):
    """The page; forms: those that came back with an error."""
    user, question = request.user, assessment.edition.question(answer.question)
    can_propose = permissions.can_propose(user, assessment)
    context = {
        "assessment": assessment,
        "answer": answer,
        "row": row_of(assessment, answer),
        "section": assessment.edition.section(question.section),
        "can_write": permissions.can_write(user, assessment),
        "proposals": [shown(assessment, answer, p, user) for p in proposals_of(answer)],
        "form": forms.get("form") or (form_of(assessment, answer) if can_propose else None),
        "note_form": forms.get("note_form") or NoteForm(),
        "routes": ROUTES,
    }
    context |= pages.thread(
        answer,
        user,
        place_of(assessment, answer),
        people=people_of(assessment),
        can_comment=permissions.can_comment(user, assessment),
        form=forms.get("comment_form"),
    )
    return render(request, "indexanalysis/answer_about.html", context, status=status)


def proposals_of(answer):
    return answer.proposals.select_related("by", "decided_by").order_by("-at", "-pk")


def shown(assessment, answer, proposal, user):
    """For the template: a proposal, its fields beside today's, and whether it is one's own."""
    question = assessment.edition.question(answer.question)
    values = {name: getattr(answer, name) for name in Answer.drafted} | proposal.values
    names = list(proposal.values)
    parts = parts_of(assessment, question, answer, values, names)
    order = [name for name in ("value", "reason", "example") if name in proposal.values]
    return proposal, list(zip(order, parts, strict=True)), proposal.by_id == user.pk


@require_POST
@pages.gives_back(CommentForm)
def comment_add(request, pk, question):
    assessment, answer = to_read(request, pk, question)
    if not permissions.can_comment(request.user, assessment):
        raise PermissionDenied
    form = CommentForm(request.POST, people=people_of(assessment))
    if not form.is_valid():
        return about(request, assessment, answer, status=400, comment_form=form)
    created = pages.comment(request, answer, place_of(assessment, answer), form)
    messages.success(request, pages.said_of_comment(created))
    return redirect(pages.to_comments(place_of(assessment, answer)))


@require_POST
def comment_move(request, pk, question, comment, to):
    assessment, answer = to_read(request, pk, question)
    comment = get_object_or_404(answer.comments, pk=comment)
    can_comment = permissions.can_comment(request.user, assessment)
    pages.move_comment(request, comment, to, can_comment=can_comment)
    return redirect(pages.to_comments(place_of(assessment, answer)))


@require_POST
def proposal_add(request, pk, question):
    """A reader suggests an answer; who may write it writes it."""
    assessment, answer = to_read(request, pk, question)
    if not permissions.can_propose(request.user, assessment):
        raise PermissionDenied
    form, note_form = form_of(assessment, answer, request.POST), NoteForm(request.POST)
    if not (form.is_valid() and note_form.is_valid()):
        return about(request, assessment, answer, status=400, form=form, note_form=note_form)
    try:
        _proposal, created = drafting.propose(
            answer,
            form.values,
            kind=Proposal.Kind.READER,
            by=request.user,
            place=place_of(assessment, answer),
            **note_form.cleaned_data,
        )
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("Your suggestion is sent.") if created else _("Your suggestion was sent already.")
        messages.success(request, text)
    return redirect("indexanalysis:about", pk, question)


def is_withdrawal(to):
    return to == Proposal.State.WITHDRAWN


@require_POST
def proposal_move(request, pk, question, proposal, to):
    """Take a suggestion in, wholly or in part, decline it, or take one's own back."""
    if is_withdrawal(to):
        assessment, answer = to_read(request, pk, question)
    else:
        assessment, answer = to_write(request, pk, question)
    proposal = get_object_or_404(answer.proposals, pk=proposal)
    form = DecisionForm(request.POST)
    try:
        changed = decide(request, assessment, answer, proposal, to, form)
    except Refused as why:
        messages.error(request, str(why))
    else:
        proposal.refresh_from_db()
        text = _("The suggestion is now “%s”.") if changed else _("It was already “%s”.")
        messages.success(request, text % proposal.get_state_display())
    return redirect("indexanalysis:about", pk, question)


def decide(request, assessment, answer, proposal, to, form):
    """Returns whether this call changed anything. Raises Refused, with what to do instead."""
    if not form.is_valid():
        raise Refused(_("Say it in at most 1000 characters."))
    how = {
        "by": request.user,
        "place": place_of(assessment, answer),
        "may_write": lambda user, row: permissions.can_write(user, assessment),
    }
    if is_withdrawal(to):
        return drafting.take_back(proposal, by=request.user)
    if to == Proposal.State.DECLINED:
        return drafting.decline(proposal, answer=form.cleaned_data["answer"], **how)
    if to == Proposal.State.TAKEN:
        names, read = request.POST.getlist("names"), form.cleaned_data["read"]
        return drafting.take_in(proposal, names, read=read or 0, **how)
    raise Http404


@require_safe
def answer_history(request, pk, question):
    """Every version of an answer: who, when, what changed."""
    assessment, answer = to_read(request, pk, question)
    question = assessment.edition.question(answer.question)
    context = {
        "assessment": assessment,
        "answer": answer,
        "question": question,
        "section": assessment.edition.section(question.section),
        "place": place_of(assessment, answer),
        "can_write": permissions.can_write(request.user, assessment),
        "routes": ROUTES,
    }
    context |= pages.history(
        request, answer, Answer.drafted, lambda values: texts_of(question, values, get_language())
    )
    return render(request, "indexanalysis/answer_history.html", context)


@require_POST
def answer_restore(request, pk, question, version):
    """Make an old version the newest one; what stands now stays in the history."""
    assessment, answer = to_write(request, pk, question)
    if pages.restore(request, answer, version, Answer.drafted):
        record("answer.restored", assessment, by=request.user, note=f"{question}, {version}")
    return redirect("indexanalysis:history", pk, question)
