from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.workflow import Refused
from applications import permissions
from applications.admin.reading import next_in_queue, reading
from applications.forms.completions import CompletionForm
from applications.forms.declarations import DeclarationForm
from applications.forms.reviews import ReviewForm
from applications.models import Call, Review
from applications.workflow import completions, declarations, reviews

FOLDER = "admin/applications/application"
asks = require_http_methods(["GET", "HEAD", "POST"])


class ReviewDesk:
    """The pages of an application's review: what is mine, declaring, scoring, returning."""

    def get_urls(self):
        row = "<int:pk>/"
        views = [
            ("queue/", "queue", require_safe(self.queue)),
            (f"{row}declare/", "declare", asks(self.declare)),
            (f"{row}review/", "review", require_POST(self.review)),
            (f"{row}return/", "return", asks(self.return_for_completion)),
            (f"{row}take-back/", "take_back", require_POST(self.take_back)),
        ]
        ours = [
            path(address, self.admin_site.admin_view(view), name=f"applications_application_{name}")
            for address, name, view in views
        ]
        return ours + super().get_urls()

    def page(self, request, template, context, form=None):
        context = (
            self.admin_site.each_context(request) | {"opts": self.opts, "form": form} | context
        )
        status = 400 if form is not None and form.is_bound else 200
        return TemplateResponse(request, f"{FOLDER}/{template}.html", context, status=status)

    def found(self, request, pk):
        return get_object_or_404(self.get_queryset(request), pk=pk)

    def found_to_read(self, request, pk):
        """The application, for somebody who has declared that they have no conflict with it."""
        application = self.found(request, pk)
        if not permissions.has_declared(request.user, application):
            raise PermissionDenied
        return application

    def queue(self, request):
        """The reviews that were given to whoever looks, the most urgent first."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = Review.objects.queue_of(request.user)
        calls = list(Call.objects.filter(applications__reviews__in=rows).distinct())
        chosen = next((one for one in calls if str(one.pk) == request.GET.get("call")), None)
        if chosen:
            rows = rows.filter(application__call=chosen)
        to_do = list(rows.to_do())
        context = {
            "title": _("My reviews"),
            "to_do": to_do,
            "done": rows.handed_in(),
            "late": sum(row.is_late for row in to_do),
            "calls": calls,
            "chosen": chosen,
        }
        return self.page(request, "queue", context)

    def declare(self, request, pk):
        application = self.found(request, pk)
        form = DeclarationForm(request.POST or None)
        if not permissions.can_declare(request.user, application):
            raise PermissionDenied
        if not form.is_valid():
            already = permissions.has_declared(request.user, application)
            context = {"application": application, "already": already}
            return self.page(request, "declare", context, form)
        conflict = form.cleaned_data["conflict"] == "yes"
        reason = form.cleaned_data["reason"] if conflict else ""
        declarations.declare(application, by=request.user, has_conflict=conflict, reason=reason)
        if not conflict:
            return redirect("admin:applications_application_change", pk)
        text = _(
            "Your conflict of interest is declared. You do not meet this application any more."
        )
        self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:applications_application_queue")

    def review(self, request, pk):
        """Save the draft of the own review, or hand it in; the page's script saves the same way."""
        given = permissions.review_of(request.user, pk)
        if given is None:
            self.found(request, pk)
            raise PermissionDenied
        application = given.application
        handing_in = "hand_in" in request.POST
        form = ReviewForm(request.POST, review=given, call=application.call, handing_in=handing_in)
        if not form.is_valid():
            return self.not_stored(request, application, form, "invalid")
        try:
            if handing_in:
                return self.hand_in(request, application, form)
            given = reviews.save(application, by=request.user, **form.values)
        except reviews.Overtaken:
            return self.not_stored(request, application, form, "overtaken", status=409)
        except Refused as why:
            return self.refused(request, application, form, why)
        return self.saved(request, application, given)

    def hand_in(self, request, application, form):
        _review, changed = reviews.hand_in(application, by=request.user, **form.values)
        text = (
            _("Your review is handed in.") if changed else _("Your review was handed in already.")
        )
        self.message_user(request, text, messages.SUCCESS)
        following = next_in_queue(request.user, application)
        if following is None or not changed:
            return redirect("admin:applications_application_change", application.pk)
        return redirect("admin:applications_application_change", following.application_id)

    def saved(self, request, application, given):
        if request.htmx:
            return self.status_line(request, {"given": given, "outcome": "saved"})
        self.message_user(request, _("The draft of your review is saved."), messages.SUCCESS)
        return redirect("admin:applications_application_change", application.pk)

    def status_line(self, request, context):
        """What the page's script gets instead of a whole page."""
        return TemplateResponse(request, f"{FOLDER}/_status.html", context)

    def not_stored(self, request, application, form, outcome, status=400):
        """The page with what was typed; the next save then rests on what is stored now."""
        stored = application.reviews.live().prefetch_related("marks").get(reviewer=request.user)
        if request.htmx:
            context = {"given": stored, "outcome": outcome, "form": form}
            response = self.status_line(request, context)
        else:
            form.data = form.data.dict() | {"read": newest(form, stored, outcome)}
            context = reading(request.user, application, form)
            context |= {
                "outcome": outcome,
                "stored": ReviewForm(review=stored, call=application.call),
            }
            response = self.page(request, "review", context, form)
        response.status_code = status
        return response

    def refused(self, request, application, form, why):
        """At the wrong moment: a right that ended to the script, to people what they typed."""
        if request.htmx:
            raise PermissionDenied
        self.message_user(request, str(why), messages.ERROR)
        return self.page(request, "review", reading(request.user, application, form), form)

    def return_for_completion(self, request, pk):
        application = self.found_to_read(request, pk)
        if not permissions.can_return(request.user, application):
            raise PermissionDenied
        form = CompletionForm(request.POST or None)
        if not form.is_valid():
            return self.page(request, "return", {"application": application}, form)
        return self.act(
            request,
            pk,
            lambda: completions.ask(application, by=request.user, **form.values),
            _("The application is returned, and its municipality is told by mail."),
        )

    def take_back(self, request, pk):
        application = self.found_to_read(request, pk)
        return self.act(
            request,
            pk,
            lambda: completions.take_back(application, by=request.user),
            _("The review goes on with the application as it is."),
        )

    def act(self, request, pk, act, text):
        try:
            _row, changed = act()
        except Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            text = text if changed else _("This was done already; nothing more was changed.")
            self.message_user(request, text, messages.SUCCESS)
        return redirect("admin:applications_application_change", pk)


def newest(form, stored, outcome):
    """On which version the form rests when it is sent again: the stored one, once it was shown."""
    if outcome == "overtaken":
        return stored.version
    return form.cleaned_data.get("read", 0)
