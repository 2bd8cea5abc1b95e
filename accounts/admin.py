import re

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME, ActionForm
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext as djangos  # worded in Django's own catalogue
from django.utils.translation import gettext_lazy

from accounts import factors, permissions, sessions, workflow
from accounts.actions import ACTIONS
from accounts.audit import record
from accounts.domains import standing
from accounts.models import (
    AccessRequest,
    Assignment,
    AuditEntry,
    Invitation,
    MailDomain,
    Membership,
    User,
)
from accounts.workflow import memberships
from notifications.plain import plain

DOMAIN = re.compile(r"([a-z0-9åäö]([a-z0-9åäö-]{0,61}[a-z0-9åäö])?\.)+[a-z]{2,24}")
# What Django's own filters add to the name of a field in the address of a list.
LOOKUPS = r"(__(id|code))?(__(exact|isnull|year|month|day|gte|lt))?"
State = AccessRequest.State


def groups_of(request):
    """The staff hats of whoever asks; an anonymous visitor of the admin has none."""
    return getattr(request.user, "staff_groups", frozenset())


class StaffReads(admin.ModelAdmin):
    """The staff's base: they read what `visible_to` shows, and act by moves, never by editing."""

    list_per_page = 50

    def get_queryset(self, request):
        """What a list shows of related rows, a row's own page shows too: one statement for both."""
        rows = super().get_queryset(request).visible_to(request.user)
        return rows.select_related(*self.list_select_related) if self.list_select_related else rows

    def lookup_allowed(self, lookup, value, request=None):
        """Only what the list offers as a filter: an address tells nothing that no page shows."""
        filters = [*self.get_list_filter(request), self.date_hierarchy or ""]
        names = [one if isinstance(one, str) else one.parameter_name for one in filters]
        return any(name and re.fullmatch(name + LOOKUPS, lookup) for name in names)

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return bool(groups_of(request))

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False

    def action_checkbox(self, row):
        """Django's own box is a template for each row, and so a fifth of a list's time."""
        label = format_html(djangos("Select this object for an action - {}"), row)
        box = '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">'
        return format_html(box, ACTION_CHECKBOX_NAME, row.pk, label)

    def move_all(self, request, rows, move):
        """Move all chosen rows, in the order of their keys, or none; a reason becomes a message."""
        try:
            moved = sum(bool(changed) for _row, changed in map(move, rows.order_by("pk")))
        except workflow.Refused as why:
            self.message_user(request, str(why), messages.ERROR)
        else:
            self.message_user(request, _("Done for %s.") % moved, messages.SUCCESS)


class LeadsWrite(StaffReads):
    """What leads keep by hand; every change leaves an audit entry."""

    def get_queryset(self, request):
        return admin.ModelAdmin.get_queryset(self, request)

    def get_object(self, request, object_id, from_field=None):
        """Locked where a form is going to save it: it does not undo a move made meanwhile."""
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST":
            rows = self.model._base_manager.select_for_update(of=("self",))
            found.refresh_from_db(from_queryset=rows)
        return found

    def has_add_permission(self, request):
        return "lead" in groups_of(request)

    def has_change_permission(self, request, obj=None):
        return "lead" in groups_of(request)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        what = f"{obj._meta.model_name}.{'changed' if change else 'created'}"
        record(what, obj, by=request.user, note=", ".join(form.changed_data))

    def log_addition(self, request, obj, message):
        """The portal's audit has it already."""

    def log_change(self, request, obj, message):
        """The portal's audit has it already."""


class MailDomainForm(forms.ModelForm):
    class Meta:
        model = MailDomain
        fields = ["municipality", "domain"]
        help_texts = {"domain": gettext_lazy("What stands after the @, for example vaasa.fi.")}

    def clean_domain(self):
        domain = self.cleaned_data["domain"].strip().lower()
        if not DOMAIN.fullmatch(domain):
            raise forms.ValidationError(_("This is not a mail domain. Write it like vaasa.fi."))
        return domain


@admin.register(MailDomain)
class MailDomainAdmin(LeadsWrite):
    """The domains by which the address of a municipality's first person is looked at."""

    form = MailDomainForm
    list_display = ["municipality", "domain"]
    list_select_related = ["municipality"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "domain"]


class DecisionForm(ActionForm):
    reason = forms.CharField(
        label=gettext_lazy("Reason, which the person reads"), max_length=500, required=False
    )


@admin.register(AccessRequest)
class AccessRequestAdmin(StaffReads):
    list_display = ["municipality", "user", "post", "address", "state", "created_at"]
    list_filter = ["state"]
    list_select_related = ["municipality", "user"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "user__email"]
    actions = ["approve", "decline"]
    action_form = DecisionForm

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("municipality__mail_domains")

    @admin.display(description=gettext_lazy("mail address"))
    def address(self, asked):
        return f"{asked.user.email}: {standing(asked.user.email, asked.municipality).label}"

    @admin.action(description=gettext_lazy("Approve: let the person in as coordinator"))
    def approve(self, request, queryset):
        self.decide(request, queryset, State.APPROVED)

    @admin.action(description=gettext_lazy("Decline"))
    def decline(self, request, queryset):
        self.decide(request, queryset, State.DECLINED)

    def decide(self, request, queryset, to):
        note = plain(request.POST.get("reason", ""))[:500]
        self.move_all(
            request, queryset, lambda row: workflow.decide(row, to, by=request.user, note=note)
        )


class Coordination(admin.SimpleListFilter):
    """The memberships of municipalities that nobody coordinates now or soon."""

    title = gettext_lazy("coordination")
    parameter_name = "coordination"

    def lookups(self, request, model_admin):
        return [("ends", _("nobody coordinates now or soon"))]

    def queryset(self, request, queryset):
        return queryset.filter(municipality__in=memberships.gaps()) if self.value() else queryset


@admin.register(Membership)
class MembershipAdmin(LeadsWrite):
    """Leads give and change parts by the rules of the coordinators' own pages."""

    list_display = ["municipality", "user", "role", "party", "since", "until"]
    list_filter = [Coordination, "role", "party"]
    list_select_related = ["municipality", "user"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "user__email", "user__name"]

    def get_readonly_fields(self, request, obj=None):
        return ["user", "municipality", "ended_at"] if obj else []

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except workflow.Refused as why:  # the admin's own transaction is undone by then
            self.message_user(request, str(why), messages.ERROR)
            return redirect(request.get_full_path())

    def save_model(self, request, obj, form, change):
        values = {name: form.cleaned_data[name] for name in memberships.FIELDS}
        if change:
            memberships.change(obj, values, by=request.user)
        else:
            added = memberships.add(obj.municipality, obj.user, values, by=request.user)
            obj.pk = added.pk


@admin.register(Invitation)
class InvitationAdmin(StaffReads):
    """Who is invited; leads invite, send again and withdraw on the municipality's own page."""

    list_display = ["municipality", "email", "role", "state", "sent_at", "expires_at"]
    list_filter = ["state", "role"]
    list_select_related = ["municipality"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "email"]
    fields = [
        "municipality", "email", "name", "role", "sector", "party", "organisation", "since",
        "until", "state", "invited_by", "sent_at", "expires_at", "membership",
    ]  # fmt: skip


class AssignmentForm(forms.ModelForm):
    def clean(self):
        values = super().clean()
        since, until = values.get("since"), values.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day comes before the first one."))
        return values


@admin.register(Assignment)
class AssignmentAdmin(LeadsWrite):
    form = AssignmentForm
    list_display = ["user", "municipality", "since", "until"]
    list_select_related = ["municipality", "user"]
    search_fields = ["municipality__name_fi", "municipality__name_sv", "user__email", "user__name"]


class Action(admin.SimpleListFilter):
    """The known actions in words."""

    title = gettext_lazy("what")
    parameter_name = "action"

    def lookups(self, request, model_admin):
        return sorted(ACTIONS.items(), key=lambda pair: str(pair[1]))

    def queryset(self, request, queryset):
        return queryset.filter(action=self.value()) if self.value() else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(StaffReads):
    list_display = ["at", "by", "what", "outcome", "target", "municipality", "address", "note"]
    list_filter = ["outcome", Action]
    date_hierarchy = "at"
    list_select_related = ["by", "municipality"]
    search_fields = [
        "action", "target", "by__email", "request_id",
        "municipality__name_fi", "municipality__name_sv",
    ]  # fmt: skip

    @admin.display(description=gettext_lazy("what"), ordering="action")
    def what(self, entry):
        return ACTIONS.get(entry.action, entry.action)

    def has_view_permission(self, request, obj=None):
        return bool(groups_of(request)) or request.user.is_superuser


class UserForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["email", "name", "language", "is_active", "is_staff", "groups"]

    def clean_email(self):
        return self.cleaned_data["email"].lower()


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("How you made sure that it is this person. The person reads it."),
    )


@admin.register(User)
class UserAdmin(LeadsWrite):
    """Upkeep by the superuser; leads read. A new person sets the password by the reset mail."""

    form = UserForm
    change_form_template = "admin/accounts/user/change.html"
    list_display = ["email", "name", "is_staff", "is_active", "last_login"]
    list_filter = ["is_staff", "is_active"]
    search_fields = ["email", "name"]

    def has_view_permission(self, request, obj=None):
        return "lead" in groups_of(request) or request.user.is_superuser

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)

    def get_urls(self):
        view = self.admin_site.admin_view
        ours = [
            path("<int:pk>/factor/", view(self.reset_factor), name="accounts_user_reset_factor"),
            path("<int:pk>/sessions/", view(self.end_sessions), name="accounts_user_end_sessions"),
        ]
        return ours + super().get_urls()

    def render_change_form(self, request, context, *args, obj=None, **kwargs):
        context["can_help"] = bool(obj and permissions.can_reset_factor(request.user, obj))
        return super().render_change_form(request, context, *args, obj=obj, **kwargs)

    def reset_factor(self, request, pk):
        person = self.helped(request, pk)
        form = ReasonForm(request.POST or None)
        if form.is_valid():
            reason = form.cleaned_data["reason"]
            if factors.reset(person, by=request.user, reason=reason):
                self.say(request, _("The second step of %s is removed."), person)
            else:
                self.say(request, _("%s had no second step any more."), person)
            return redirect("admin:accounts_user_change", pk)
        return self.page(request, "reset_factor", person, form)

    def end_sessions(self, request, pk):
        person = self.helped(request, pk)
        if request.method == "POST":
            sessions.end_all(person, by=request.user)
            self.say(request, _("%s is signed out everywhere."), person)
            return redirect("admin:accounts_user_change", pk)
        return self.page(request, "end_sessions", person, None)

    def helped(self, request, pk):
        """The person, if whoever asks may help them with signing in."""
        person = get_object_or_404(User, pk=pk)
        if not permissions.can_reset_factor(request.user, person):
            raise PermissionDenied
        return person

    def say(self, request, sentence, person):
        self.message_user(request, sentence % person, messages.SUCCESS)

    def page(self, request, name, person, form):
        context = self.admin_site.each_context(request) | {"person": person, "form": form}
        status = 400 if form and form.is_bound else 200
        return render(request, f"admin/accounts/user/{name}.html", context, status=status)
