from django.utils.translation import gettext_lazy as _

from applications import permissions
from applications.forms.applications import STEP_FORMS, ApplicationForm
from applications.models import TEXTS, Application
from applications.steps import around
from drafting.desks import Desk


def rows(user):
    return Application.objects.visible_to(user).select_related("call", "municipality")


def people_of(application):
    return application.memberships.people()


def more(user, application, part):
    return around(application, part) | {
        "can_submit": permissions.can_submit(user, application),
        "completion": application.open_completion,
    }


DESK = Desk(
    rows=rows,
    form=ApplicationForm,
    parts=STEP_FORMS,
    texts=TEXTS,
    people=people_of,
    can_write=permissions.can_edit,
    can_comment=permissions.can_edit,
    can_discuss=permissions.can_discuss,
    routes="applications:",
    noun="application",
    template="applications/application_edit.html",
    crumbs="applications/_crumbs.html",
    can_write_text=permissions.can_edit_field,
    readers=_("Only the people of the municipalities that apply see what is said here."),
    more=more,
)
