from dataclasses import dataclass

from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.views.decorators.http import require_safe

from accounts import changes, permissions
from accounts.actions import ACTIONS
from accounts.forms.audit import AuditFilterForm
from accounts.models import AuditEntry, Invitation, Membership
from accounts.towns import audited_by

A_PAGE = 50


@dataclass(frozen=True)
class Line:
    """An entry in words."""

    entry: AuditEntry
    action: str
    target: str  # "membership: Maija Virta"
    note: str


@require_safe
def town_audit(request, pk):
    town = get_object_or_404(audited_by(request.user), pk=pk)
    if not permissions.can_read_audit(request.user, town):
        raise PermissionDenied
    entries = AuditEntry.objects.visible_to(request.user).filter(municipality=town)
    form = filter_of(request, entries)
    form.is_valid()
    found = form.narrow(entries).select_related("by")
    page = Paginator(found, A_PAGE).get_page(request.GET.get("page"))
    query = request.GET.copy()
    query.pop("page", None)
    context = {
        "town": town,
        "form": form,
        "page_obj": page,
        "lines": in_words(page.object_list),
        "query": query.urlencode(),
    }
    status = 400 if form.errors else 200
    return render(request, "accounts/town_audit.html", context, status=status)


def filter_of(request, entries):
    plain = entries.order_by()
    people = plain.exclude(by=None).values_list("by", "by__name", "by__email").distinct()
    people = sorted((name or email, key) for key, name, email in people)
    actions = plain.values_list("action", flat=True).distinct()
    return AuditFilterForm(
        request.GET, people=[(key, name) for name, key in people], actions=actions
    )


def in_words(entries):
    names = names_of([entry.target for entry in entries])
    return [
        Line(
            entry,
            ACTIONS.get(entry.action, entry.action),
            target_words(entry.target, names),
            note_words(entry),
        )
        for entry in entries
    ]


def names_of(targets):
    """Whom the memberships and invitations among the targets are about: {target: name}."""
    return {
        **named(targets, Membership.objects.select_related("user"), lambda row: str(row.user)),
        **named(targets, Invitation.objects.all(), lambda row: row.get_full_name()),
    }


def named(targets, rows, name):
    label = rows.model._meta.label_lower
    keys = [target.split(" ")[1] for target in targets if target.startswith(f"{label} ")]
    return {f"{label} {row.pk}": name(row) for row in rows.filter(pk__in=keys)} if keys else {}


def target_words(target, names):
    label = target.split(" ")[0]
    try:
        what = capfirst(apps.get_model(label)._meta.verbose_name)
    except LookupError:  # written by a version that knew it
        return target
    return f"{what}: {names[target]}" if target in names else what


def note_words(entry):
    """The note of a changed membership in words, any other as it was written."""
    ours = entry.target.startswith(("accounts.membership ", "accounts.invitation "))
    told = changes.read(entry.note) if ours else None
    return "; ".join(map(change_words, told)) if told else entry.note


def change_words(change):
    label = capfirst(Membership._meta.get_field(change.field).verbose_name)
    now = value_words(change.field, change.now)
    if change.before is None:
        return f"{label}: {now}"
    return f"{label}: {value_words(change.field, change.before)} → {now}"


def value_words(field, value):
    if not value:
        return "–"
    if field in {"since", "until"}:
        return date_format(parse_date(value), "DATE_FORMAT")
    return str(dict(Membership._meta.get_field(field).flatchoices).get(value, value))
