from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from accounts.audit import record
from accounts.models import User
from applications import permissions
from applications.models import TEXTS, Application
from applications.views.applications import to_edit, visible
from drafting import pages
from drafting import workflow as drafting
from drafting.forms import CommentForm

TEXT_ROUTES = {
    "comment": "applications:text_comment",
    "move": "applications:text_comment_move",
    "restore": "applications:text_restore",
}


def text_or_404(request, pk, field):
    """The application and the place of one of its long texts; they are the municipality's own."""
    application = visible(request, pk)
    if field not in TEXTS:
        raise Http404
    if not permissions.can_discuss(request.user, application):
        raise PermissionDenied
    place = drafting.Place(
        municipality=application.municipality,
        route="applications:text",
        parent=application.pk,
        code=field,
        title=Application._meta.get_field(field).verbose_name,
        field=field,
    )
    return application, place


def people_of(application):
    hats = application.municipality.memberships.current().values("user")
    return User.objects.filter(is_active=True, pk__in=hats).order_by("name", "email")


@require_safe
def text_about(request, pk, field):
    """What is said about one of the application's long texts."""
    return about(request, *text_or_404(request, pk, field))


def about(request, application, place, form=None, status=200):
    can_edit = permissions.can_edit(request.user, application)
    context = {
        "application": application,
        "text": getattr(application, place.field),
        "can_edit": can_edit,
        "routes": TEXT_ROUTES,
    }
    context |= pages.thread(
        application,
        request.user,
        place,
        people=people_of(application),
        can_comment=can_edit,
        form=form,
    )
    return render(request, "applications/text_about.html", context, status=status)


@require_POST
def text_comment(request, pk, field):
    application, place = text_or_404(request, pk, field)
    if not permissions.can_edit(request.user, application):
        raise PermissionDenied
    form = CommentForm(request.POST, people=people_of(application))
    if not form.is_valid():
        return about(request, application, place, form, status=400)
    created = pages.comment(request, application, place, form)
    messages.success(request, pages.said_of_comment(created))
    return redirect(pages.to_comments(place))


@require_POST
def text_comment_move(request, pk, field, comment, to):
    application, place = text_or_404(request, pk, field)
    comment = get_object_or_404(application.comments.filter(field=field), pk=comment)
    can_comment = permissions.can_edit(request.user, application)
    pages.move_comment(request, comment, to, can_comment=can_comment)
    return redirect(pages.to_comments(place))


@require_safe
def text_history(request, pk, field):
    application, place = text_or_404(request, pk, field)
    context = {
        "application": application,
        "place": place,
        "can_write": permissions.can_edit(request.user, application),
        "routes": TEXT_ROUTES,
    }
    context |= pages.history(
        request, application, [field], lambda values: [(place.title, values[field])]
    )
    return render(request, "applications/text_history.html", context)


@require_POST
def text_restore(request, pk, field, version):
    """Make an old version of one text the newest one; the other texts stay as they are."""
    text_or_404(request, pk, field)
    application = to_edit(request, pk)
    if pages.restore(request, application, version, [field]):
        record("application.restored", application, by=request.user, note=f"{field}, {version}")
    return redirect("applications:text_history", pk, field)
