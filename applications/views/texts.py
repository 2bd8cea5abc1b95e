from django.utils.translation import gettext_lazy as _

from applications import permissions
from applications.forms.applications import ApplicationForm
from applications.models import TEXTS, Application
from drafting.desks import Desk


def rows(user):
    return Application.objects.visible_to(user).select_related("call", "municipality")


def people_of(application):
    return application.municipality.memberships.current().people()


DESK = Desk(
    rows=rows,
    form=ApplicationForm,
    texts=TEXTS,
    people=people_of,
    can_write=permissions.can_edit,
    can_write_text=permissions.can_edit_field,
    can_comment=permissions.can_edit,
    can_discuss=permissions.can_discuss,
    routes="applications:",
    noun="application",
    template="applications/application_edit.html",
    crumbs="applications/_crumbs.html",
    readers=_("Only the people of your municipality see what is said here."),
    more=lambda user, row: {
        "can_submit": permissions.can_submit(user, row),
        "completion": row.open_completion,
    },
)
