from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from accounts.workflow import Refused
from applications import permissions
from applications.forms.assignments import AssignmentForm
from applications.forms.declarations import DeclareAllForm
from applications.models import Application, Review
from applications.spreading import spread
from applications.workflow import assignments, declarations, reminders

FOLDER = "admin/applications/call"
asks = require_http_methods(["GET", "HEAD", "POST"])


class Assignments:
    """The pages of a call on which a lead gives applications out, and all declare on them."""

    def get_urls(self):
        views = [
            ("assign", asks(self.assign)),
            ("remind", require_POST(self.remind)),
            ("declare", asks(self.declare)),
        ]
        ours = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"applications_call_{name}",
            )
            for name, view in views
        ]
        return ours + super().get_urls()

    def found_as_lead(self, request, pk):
        call = self.found(request, pk)
        if not permissions.can_assign(request.user, call):
            raise PermissionDenied
        return call

    def assign(self, request, pk):
        """A table of applications and reviewers: looked at, filled by a spread, or stored."""
        call = self.found_as_lead(request, pk)
        rows = list(assignments.to_assign(call, request.user))
        form = AssignmentForm(
            request.POST or None,
            applications=rows,
            reviewers=assignments.reviewers(),
            initial={"due_on": due_of(rows)},
        )
        if form.is_bound and form.is_valid() and "store" in request.POST:
            return self.store(request, call, form)
        return self.assignment_page(request, call, form)

    def assignment_page(self, request, call, form):
        context = table(form) | {
            "call": call,
            "opts": self.opts,
            "form": form,
            "submitted": sum(row.state == Application.State.SUBMITTED for row in form.applications),
            "is_preview": form.is_bound,
        }
        context = self.admin_site.each_context(request) | context
        status = 400 if form.errors else 200
        return TemplateResponse(request, f"{FOLDER}/assign.html", context, status=status)

    def store(self, request, call, form):
        due_on = form.cleaned_data["due_on"]
        try:
            if "start" in request.POST:
                assignments.start_all(call, by=request.user)
            added, ended = assignments.assign(
                call, form.ticked, by=request.user, due_on=due_on, shown=form.shown
            )
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
            return self.assignment_page(request, call, form)
        self.message_user(request, told(added, ended), messages.SUCCESS)
        return redirect("admin:applications_call_assign", call.pk)

    def remind(self, request, pk):
        call = self.found_as_lead(request, pk)
        new = reminders.remind_all(call, by=request.user)
        text = ngettext("%s reminder is sent.", "%s reminders are sent.", new) % new
        if not new:
            text = _("Nobody is reminded: nothing is to be done, or it was done today already.")
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:applications_call_assign", pk)

    def declare(self, request, pk):
        """Declare on every application of a call that one has not declared on yet."""
        call = self.found(request, pk)
        rows = declarations.undeclared(call, request.user).select_related("municipality")
        rows = rows.order_by("municipality__sort_fi")
        if request.method == "POST":  # what has come since is declared on when it was seen
            shown = request.POST.getlist("shown")
            rows = [row for row in rows if str(row.pk) in shown]
        form = DeclareAllForm(request.POST if request.method == "POST" else None, applications=rows)
        if form.is_bound and form.is_valid():
            return self.store_declarations(request, call, form)
        context = self.admin_site.each_context(request)
        context |= {"call": call, "opts": self.opts, "form": form}
        status = 400 if form.errors else 200
        return TemplateResponse(request, f"{FOLDER}/declare.html", context, status=status)

    def store_declarations(self, request, call, form):
        shown = [row.pk for row in form.applications]
        number = declarations.declare_all(call, shown, form.conflicts, by=request.user)
        text = ngettext(
            "You have declared on %s application.", "You have declared on %s applications.", number
        )
        self.message_user(request, text % number, messages.SUCCESS)
        return redirect("admin:applications_application_queue")


def due_of(applications):
    """The latest due date that was given out for these, if there is one."""
    dates = Review.objects.to_do().filter(application__in=applications, due_on__isnull=False)
    return dates.order_by("-due_on").values_list("due_on", flat=True).first()


def told(added, ended):
    if not added and not ended:
        return _("Stored. Nobody's applications have changed.")
    text = _("Stored: %(added)s given out, %(ended)s taken back. Who got something new has a mail.")
    return text % {"added": added, "ended": ended}


def table(form):
    """Rows of (application, cells, number), and the reviewers with their loads."""
    people = list(form.reviewers)
    live = Review.objects.live().filter(application__in=form.applications)
    stand = {(row.application_id, row.reviewer_id): row for row in live}
    barred = assignments.barred(form.applications)
    kept = {pair for pair, row in stand.items() if row.handed_in_at}
    ticked = (wanted(form, set(stand), kept, barred) - barred) | kept
    rows = [
        (
            row,
            [cell(row, one, stand, ticked, barred) for one in people],
            sum((row.pk, one.pk) in ticked for one in people),
        )
        for row in form.applications
    ]
    loads = [(one, sum(person == one.pk for _town, person in ticked)) for one in people]
    shown = " ".join(f"{town}-{person}" for town, person in sorted(stand))
    return {"rows": rows, "loads": loads, "count": len(ticked), "shown": shown}


def wanted(form, stand, kept, barred):
    """The pairs that the page shows as ticked: stored, typed, or with a spread added to them.

    stand: what is stored; kept: what of it is handed in; barred: where there is a conflict.
    """
    if not form.is_bound:
        return stand
    # What others gave out or took back while the page was open stays so.
    since = (form.ticked - (form.shown - stand)) | (stand - form.shown)
    if "preview" not in form.data or form.errors:
        return since
    chosen = [person.pk for person in form.cleaned_data["people"]]
    keys = [row.pk for row in form.applications]
    each = form.cleaned_data["each"]
    return since | set(spread(keys, chosen, each, barred, since | kept))


def cell(application, person, stand, ticked, barred):
    pair = (application.pk, person.pk)
    review = stand.get(pair)
    return {
        "value": f"{application.pk}-{person.pk}",
        "person": person,
        "ticked": pair in ticked,
        "barred": pair in barred,
        "is_in": review is not None and review.handed_in_at is not None,
        "is_new": pair in ticked and review is None,
    }
