"""The rows of a call or a project that are kept on its own form."""

from django.contrib import admin, messages
from django.core.exceptions import ValidationError
from django.forms.models import BaseInlineFormSet
from django.shortcuts import redirect

from accounts.admin import groups_of
from accounts.audit import record
from applications.forms.calls import CallDateForm, CallDocumentForm, ContactForm
from applications.forms.criteria import CriteriaFormSet
from applications.models import (
    Call,
    CallDate,
    CallDocument,
    CallQuestion,
    Contact,
    Criterion,
    Requirement,
)
from applications.workflow import calls
from documents.checking.unfit import Unfit
from documents.reasons import why_refused


class Part(admin.StackedInline):
    """Staff read the parts, leads write them; those of a decided call are history."""

    extra = 1  # so that one more can be written without a script
    most = 12
    classes = ["collapse"]

    def get_formset(self, request, obj=None, **kwargs):
        return super().get_formset(request, obj, validate_max=True, **kwargs)

    def get_max_num(self, request, obj=None, **kwargs):
        return self.most

    def has_view_permission(self, request, obj=None):
        return bool(groups_of(request))

    def has_change_permission(self, request, obj=None):
        is_history = isinstance(obj, Call) and obj.state == Call.State.DECIDED
        return "lead" in groups_of(request) and not is_history

    has_add_permission = has_delete_permission = has_change_permission


class DateInline(Part):
    model = CallDate
    form = CallDateForm
    fields = [("name_en", "name_fi", "name_sv"), ("starts_on", "starts"), ("ends_on", "ends")]


class ContactInline(Part):
    model = Contact
    form = ContactForm
    fields = [
        ("name", "organisation"), ("email", "phone"), ("area_en", "area_fi", "area_sv"),
        "languages", "position",
    ]  # fmt: skip


class QuestionInline(Part):
    model = CallQuestion
    most = 25
    fields = [
        "question_en", "answer_en", "question_fi", "answer_fi", "question_sv", "answer_sv",
        "position",
    ]  # fmt: skip


class RequirementInline(Part):
    """Which attachments an application to the call comes with."""

    model = Requirement


class CriterionInline(Part):
    """By what applications are judged; a lead changes it until the call opens."""

    model = Criterion
    formset = CriteriaFormSet
    fields = [
        ("name_en", "name_fi", "name_sv"),
        ("hint_en", "hint_fi", "hint_sv"),
        ("weight", "position"),
    ]
    extra = 0

    def has_change_permission(self, request, obj=None):
        is_fixed = isinstance(obj, Call) and obj.is_fixed
        return "lead" in groups_of(request) and not is_fixed

    has_add_permission = has_delete_permission = has_change_permission


class DocumentFormSet(BaseInlineFormSet):
    """New files are looked at by their fields; whether there is room for all of them, here."""

    def clean(self):
        super().clean()
        files = [form.cleaned_data["file"] for form in self.with_file()]
        if not files:
            return
        try:
            calls.check_room(self.instance, sum(file.size for file in files))
        except Unfit as why:
            raise ValidationError(why_refused(str(why)), code=str(why)) from None

    def with_file(self):
        return [form for form in self.forms if getattr(form, "cleaned_data", {}).get("file")]


class DocumentInline(Part):
    model = CallDocument
    form = CallDocumentForm
    formset = DocumentFormSet
    most, at_once = 10, 3  # of new files: `DATA_UPLOAD_MAX_NUMBER_FILES`
    fields = [("title_en", "title_fi", "title_sv"), "language", "file", "position"]

    def get_max_num(self, request, obj=None, **kwargs):
        here = obj.documents.count() if obj else 0
        return min(self.most, here + self.at_once)


class KeepsParts:
    """Writes down in the audit which parts a form has changed, and stores their files."""

    def changeform_view(self, request, *args, **kwargs):
        try:
            return super().changeform_view(request, *args, **kwargs)
        except Unfit as why:  # while it was stored; the admin's own transaction is undone by then
            self.message_user(request, why_refused(str(why)), messages.ERROR)
            return redirect(request.get_full_path())

    def save_formset(self, request, form, formset, change):
        if isinstance(formset, DocumentFormSet):
            for part in formset.with_file():
                received = part.cleaned_data["file"]
                part.instance.upload = calls.store_document(
                    form.instance, received, by=request.user
                )
        super().save_formset(request, form, formset, change)

    def save_related(self, request, form, formsets, change):
        super().save_related(request, form, formsets, change)
        changed = [formset.prefix for formset in formsets if formset.has_changed()]
        if changed:
            action = f"{form.instance._meta.model_name}.parts_changed"
            record(action, form.instance, by=request.user, note=", ".join(changed))
