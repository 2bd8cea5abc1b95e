"""What the pages of a text that several people write have in common.

An answer to a save carries, for scripts and drills, `X-Version` and `X-Saved-At` (ISO 8601, of the
server) of what is stored, and `X-Request-ID` where the request has one.
"""

from dataclasses import dataclass
from functools import wraps

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.workflow import Refused
from drafting import permissions, saving, workflow
from drafting.differences import blocks, difference
from drafting.forms import CommentForm, RestoreForm
from drafting.models import Comment

REVISIONS_ON_A_PAGE = 20


@dataclass(frozen=True)
class Part:
    """One field of a text, twice: before and after, or theirs and mine.

    box: the HTML id of the textarea in which the two can be joined by paragraph, if there is one.
    """

    label: str
    before: str
    after: str
    box: str = ""

    def pieces(self):
        return difference(self.before, self.after)

    def blocks(self):
        return list(enumerate(blocks(self.before, self.after))) if self.box else []


@dataclass(frozen=True)
class Entry:
    """One line of a text's history."""

    revision: object
    parts: list[Part]


def acknowledge(response, request, row):
    """Say in the headers what is stored now. row: as `row_of` gives it, or as it is stored."""
    response["X-Version"] = row.version
    response["X-Saved-At"] = row.changed_at.isoformat() if row.changed_at else ""
    if request_id := getattr(request, "id", ""):
        response["X-Request-ID"] = request_id
    return response


def gives_back(form):
    """Wrap a view to which texts of the form class `form` are sent: see `given_back`."""

    def wrap(view):
        @wraps(view)
        def wrapped(request, *args, **kwargs):
            try:
                return view(request, *args, **kwargs)
            except (Http404, PermissionDenied) as refusal:
                return given_back(request, form, refusal)

        return wrapped

    return wrap


def given_back(request, form, refusal):
    """Where a right has ended while somebody wrote: what they typed, to be copied.

    Without anything typed, and for the script, whose page still has the text, the refusal itself.
    """
    typed = [
        (field.label, request.POST[name])
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField)
        and not field.widget.is_hidden
        and request.POST.get(name)
    ]
    if request.htmx or not typed:
        raise refusal
    status = 404 if isinstance(refusal, Http404) else 403
    return render(request, "drafting/given_back.html", {"typed": typed}, status=status)


def row_of(saved):
    """The row as the save left it: of one that was repeated, not what others made of it since."""
    row = saved.row
    if row.version != saved.version:
        row.version, row.changed_at = saved.version, saved.at
        for name, value in saved.values.items():
            setattr(row, name, value)
    return row


def sent_before(request):
    """What the page had sent when its texts were joined with others', if it does not show that yet.

    Its script then goes on from what was sent; None for a page that shows the version it names.
    """
    text = request.POST.get("base")
    return QueryDict(text) if text else None


def history(request, row, names, words):
    """For the template: the revisions of the fields `names`, newest first, and what each changed.

    words: takes values by name and returns (label, text) pairs, always the same labels in order.
    """
    revisions = row.revisions.of(names).select_related("by")
    page = Paginator(revisions, REVISIONS_ON_A_PAGE).get_page(request.GET.get("page"))
    return {"page_obj": page, "entries": entries(row, list(page), names, words)}


def entries(row, revisions, names, words):
    if not revisions:
        return []
    known = row.values_at(revisions[-1].version - 1, names)
    nothing = {name: row._meta.get_field(name).get_default() for name in names}
    found = []
    for revision in reversed(revisions):
        before = nothing | known
        known |= {name: revision.values[name] for name in names if name in revision.values}
        pairs = zip(words(before), words(nothing | known), strict=True)
        parts = [Part(label, old, new) for (label, old), (_same, new) in pairs if old != new]
        found.append(Entry(revision, parts))
    return found[::-1]


def thread(row, user, place, *, people, can_comment, form=None):
    """For the template: what was said about a text, and what `user` may do with each comment."""
    comments = row.comments.filter(field=place.field).select_related("by", "done_by")
    comments = comments.prefetch_related("mentioned")
    hides = permissions.can_keep_order(user, place.municipality)
    return {
        "place": place,
        "comments": [(c, permissions.can_withdraw(user, c), hides) for c in comments],
        "can_comment": can_comment,
        "comment_form": form or (CommentForm(people=people) if can_comment else None),
    }


def comment(request, row, place, form):
    """Store the comment of a valid form; returns whether it is new, and not sent twice."""
    _comment, created = workflow.say(
        row,
        form.cleaned_data["text"],
        by=request.user,
        place=place,
        people=list(form.fields["people"].queryset),
        chosen=form.cleaned_data["people"],
        key=form.cleaned_data["key"],
    )
    return created


def said_of_comment(created):
    return _("Your comment is here.") if created else _("Your comment was here already.")


def to_comments(place):
    return f"{reverse(place.route, args=[place.parent, place.code])}#comments"


def move_comment(request, comment, to, *, can_comment):
    """Mark a comment as done or not, withdraw or hide it; say what came of it."""
    try:
        changed = moved(comment, to, by=request.user, can_comment=can_comment)
    except Refused as why:
        messages.error(request, str(why))
    else:
        text = _("The comment is changed.") if changed else _("The comment was like that already.")
        messages.success(request, text)


def moved(comment, to, *, by, can_comment):
    """Raises PermissionDenied without the right, Refused at the wrong moment, 404 for no move."""
    if to in Comment.State and to != Comment.State.SHOWN:
        return workflow.move_comment(comment, to, by=by)[1]
    if to not in MARKS:
        raise Http404
    if not can_comment:
        raise PermissionDenied
    return workflow.mark(comment, done=MARKS[to], by=by)


MARKS = {"done": True, "not-done": False}


def restore(request, row, version, names):
    """Store again what `version` held; returns whether it did. row: locked, with the right asked.

    What somebody saved since the history was opened is not overwritten unseen.
    """
    form = RestoreForm(request.POST)
    values = row.values_at(version, names)
    if not row.revisions.filter(version=version).exists():
        raise Http404
    if not form.is_valid() or form.cleaned_data["read"] != row.version:
        text = _("Somebody saved meanwhile, so nothing was restored. This is the history of now.")
        messages.error(request, text)
        return False
    before = row.version
    saved = saving.save_locked(row, values, read=row.version, by=request.user)
    text = _("The old text is restored.") if saved.version > before else _("It is the text of now.")
    messages.success(request, text)
    return saved.version > before
