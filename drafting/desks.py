"""The pages of a row whose texts several people write: the form, what is said, the history.

An app declares a `Desk` for its model and takes its addresses with `urls(desk, ...)`. Every page
starts from the desk's `rows`, so what a person may not see is a 404; what they see and may not
write is a 403.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.choices import flatten_choices
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import next_page
from accounts.audit import record
from drafting import pages, saving
from drafting.forms import CommentForm
from drafting.workflow import Place


@dataclass(frozen=True)
class Desk:
    """What the pages of one model need to know.

    rows: a user to the rows that they see. form: a `DraftForm` of the model. texts: the long
    fields, each with a page for comments and a history. people: a row to the users who see it.
    can_write, can_comment, can_discuss: rules (user, row); whoever may not discuss does not see
    what was said and tried out. routes: how the names of the routes begin, "strategies:chapter_".
    noun: what the templates call the row. template, crumbs: of the form; of where a page stands.
    readers: a sentence that says who reads the comments. more: (user, row, part) to more of the
    context. parts: where the fields lie on several pages, each page's form by its part of the
    address: a save then stores that page's fields alone, and people on different pages never meet.
    can_write_text: a rule (user, row, field) where not all fields are open to who can write.
    """

    rows: Callable
    form: type
    texts: tuple
    people: Callable
    can_write: Callable
    can_comment: Callable
    can_discuss: Callable
    routes: str
    noun: str
    template: str
    crumbs: str
    readers: str
    more: Callable = lambda user, row, part: {}
    parts: dict | None = None
    can_write_text: Callable = lambda user, row, field: True

    def form_of(self, part):
        """The form of one page; of the only one, without a name."""
        forms = self.parts or {"": self.form}
        if part not in forms:
            raise Http404
        return forms[part]

    def part_with(self, name):
        """The page on which a field is written."""
        forms = self.parts or {"": self.form}
        return next(part for part, form in forms.items() if name in form.base_fields)

    def page(self, row, part):
        """The address at which a page is written."""
        return self.address("edit", row.pk, *filter(None, [part]))

    def address(self, page, *args):
        return reverse(f"{self.routes}{page}", args=args)

    def context(self, row, **more):
        return {"desk": self, "row": row, self.noun: row, **more}

    @property
    def comment_routes(self):
        """For the shared templates: what their forms are sent to."""
        return {
            "comment": f"{self.routes}text_comment",
            "move": f"{self.routes}text_comment_move",
            "restore": f"{self.routes}text_restore",
        }


def urls(desk, address):
    """The six pages of a desk. address: of the row, with `<int:pk>` and a slash at the end."""
    text = f"{address}texts/<slug:field>/"
    pages_ = [
        (f"{address}edit/<slug:part>/" if desk.parts else f"{address}edit/", edit, "edit"),
        (text, text_about, "text"),
        (f"{text}history/", text_history, "text_history"),
        (f"{text}history/<int:version>/restore/", text_restore, "text_restore"),
        (f"{text}comments/", text_comment, "text_comment"),
        (f"{text}comments/<int:comment>/<slug:to>/", text_comment_move, "text_comment_move"),
    ]
    begins = desk.routes.partition(":")[2]
    return [path(place, view, {"desk": desk}, name=begins + name) for place, view, name in pages_]


def to_write(request, pk, desk):
    """The row, locked: what one tab saves must not undo what another has moved on."""
    row = get_object_or_404(desk.rows(request.user).select_for_update(of=["self"]), pk=pk)
    if not desk.can_write(request.user, row):
        raise PermissionDenied
    return row


@require_http_methods(["GET", "HEAD", "POST"])
def edit(request, pk, desk, part=""):
    """Write the texts; the page's script saves them the same way, and gets a few lines back."""
    form_class = desk.form_of(part)
    try:
        row = to_write(request, pk, desk)
    except (Http404, PermissionDenied) as refusal:
        return pages.given_back(request, form_class, refusal)
    form = form_class(request.POST or None, instance=row)
    show = partial(edit_page, request, desk, part)
    if not form.is_valid():  # also when nothing was sent
        return show(row, form, "invalid", status=400 if form.is_bound else 200)
    saved = saving.save(
        row,
        form.written,
        read=form.cleaned_data["read"],
        by=request.user,
        key=request.POST.get("key", ""),
        base=base_of(request, form_class, row),
    )
    if not saved.went_in:
        return conflict(request, desk, part, form, saved)
    if request.htmx:
        stored = pages.row_of(saved)
        return show(stored, form_class(instance=stored), "joined" if saved.joined else "saved")
    messages.success(request, said_of(saved))
    return redirect(after_saving(request, saved.row))


def edit_page(request, desk, part, row, form, outcome, status=200):
    context = desk.context(row, form=form, outcome=outcome)
    if not request.htmx:
        comments = row.comments.waiting().values_list("field").annotate(Count("pk"))
        context |= {"waiting": dict(comments.order_by())} | desk.more(request.user, row, part)
    template = "drafting/_draft_status.html" if request.htmx else desk.template
    response = render(request, template, context, status=status)
    return pages.acknowledge(response, request, row)


def base_of(request, form_class, row):
    """What the page goes on from where it is not the version that it names; None as a rule."""
    sent = pages.sent_before(request)
    form = form_class(sent, instance=type(row)()) if sent else None
    return form.written if form and form.is_valid() else None


def said_of(saved):
    if saved.joined:
        return _("The draft is saved, with what a colleague saved meanwhile.")
    return _("The draft is saved.")


def after_saving(request, row):
    """Where the person was going, or the row's page."""
    target = request.POST.get("next", "")
    if next_page.is_safe(target) and target.startswith("/"):
        return target
    return row.get_absolute_url()


def conflict(request, desk, part, form, saved):
    """Both texts of each field that both changed; sent again, the form rests on the newer one."""
    stored, values, both = saved.row, saved.values, saved.differing
    form.data = form.data.dict() | values | {"read": stored.version}
    here = desk.page(stored, part)
    context = desk.context(
        stored,
        form=form,
        stored=stored,
        is_own=stored.changed_by_id == request.user.pk,
        parts=[part_of(desk, form, stored, name, values[name]) for name in both],
        differing=[form[name] for name in both],
        kept=[form[name] for name in values if name not in both],
        sent=[(name, str(one)) for name in form.fields for one in each(form.data.get(name))],
        action=here,
        back=here,
        outcome="conflict",
    )
    template = "drafting/_draft_status.html" if request.htmx else "drafting/conflict.html"
    return pages.acknowledge(render(request, template, context, status=409), request, stored)


def each(value):
    """What a form sends of a field: of several ticked boxes one value each, of nothing none."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if one not in (None, "") and one is not False]


def part_of(desk, form, stored, name, mine):
    """One field: what is stored beside `mine`, in words; a long text can be joined in its box."""
    label = stored._meta.get_field(name).verbose_name
    box = f"id_{name}" if name in desk.texts else ""
    labels = dict(flatten_choices(getattr(form.fields[name], "choices", ())))
    both = [in_words(value, labels) for value in (getattr(stored, name), mine)]
    return pages.Part(label, *both, box)


def in_words(value, labels):
    """labels: what the codes of a field with choices are called."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, list):
        return "\n".join(str(labels.get(code, code)) for code in value)
    if isinstance(value, date):
        return date_format(value)
    return "" if value is None else str(labels.get(value, value))


def text_or_404(request, pk, field, desk):
    """The row and the place of one of its long texts, for whoever may discuss it."""
    row = get_object_or_404(desk.rows(request.user), pk=pk)
    if field not in desk.texts:
        raise Http404
    if not desk.can_discuss(request.user, row):
        raise PermissionDenied
    place = Place(
        municipality=row.municipality,
        route=f"{desk.routes}text",
        parent=row.pk,
        code=field,
        title=row._meta.get_field(field).verbose_name,
        field=field,
    )
    return row, place


@require_safe
def text_about(request, pk, field, desk):
    """What is said about one of the long texts."""
    return about(request, desk, *text_or_404(request, pk, field, desk))


def about(request, desk, row, place, form=None, status=200):
    page = desk.page(row, desk.part_with(place.field))
    context = desk.context(
        row,
        text=getattr(row, place.field),
        edit=page if desk.can_write(request.user, row) else "",
        history=desk.address("text_history", row.pk, place.field),
        routes=desk.comment_routes,
    )
    context |= pages.thread(
        row,
        request.user,
        place,
        people=desk.people(row),
        can_comment=desk.can_comment(request.user, row),
        form=form,
    )
    return render(request, "drafting/text_about.html", context, status=status)


@require_POST
@pages.gives_back(CommentForm)
def text_comment(request, pk, field, desk):
    row, place = text_or_404(request, pk, field, desk)
    if not desk.can_comment(request.user, row):
        raise PermissionDenied
    form = CommentForm(request.POST, people=desk.people(row))
    if not form.is_valid():
        return about(request, desk, row, place, form, status=400)
    created = pages.comment(request, row, place, form)
    messages.success(request, pages.said_of_comment(created))
    return redirect(pages.to_comments(place))


@require_POST
def text_comment_move(request, pk, field, comment, to, desk):
    row, place = text_or_404(request, pk, field, desk)
    comment = get_object_or_404(row.comments.filter(field=field), pk=comment)
    pages.move_comment(request, comment, to, can_comment=desk.can_comment(request.user, row))
    return redirect(pages.to_comments(place))


@require_safe
def text_history(request, pk, field, desk):
    row, place = text_or_404(request, pk, field, desk)
    context = desk.context(
        row,
        place=place,
        about=desk.address("text", row.pk, field),
        can_write=may_write(desk, request.user, row, field),
        routes=desk.comment_routes,
    )
    context |= pages.history(request, row, [field], lambda values: [(place.title, values[field])])
    return render(request, "drafting/text_history.html", context)


def may_write(desk, user, row, field):
    return desk.can_write(user, row) and desk.can_write_text(user, row, field)


@require_POST
def text_restore(request, pk, field, version, desk):
    """Make an old version of one text the newest one; the other texts stay as they are."""
    text_or_404(request, pk, field, desk)
    row = to_write(request, pk, desk)
    if not desk.can_write_text(request.user, row, field):
        raise PermissionDenied
    if pages.restore(request, row, version, [field]):
        action = f"{row._meta.model_name}.restored"
        record(action, row, by=request.user, note=f"{field}, {version}")
    return redirect(desk.address("text_history", pk, field))
