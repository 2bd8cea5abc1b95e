"""The staff's forms about reviews: as `acts`, whose `ACTS` these join."""

from datetime import timedelta

from django.utils import timezone

from accounts.models import AuditEntry
from applications.models import Declaration, Review
from applications.workflow import completions
from tests.drills import world
from tests.drills.acts import Act, audit, mails_to
from tests.factories import (
    ApplicationFactory,
    CriterionFactory,
    DeclarationFactory,
    ReviewFactory,
)

STAFF = "/staff/applications"


def application():
    return ApplicationFactory(call=world.closed_call(), municipality=world.town(), in_review=True)


def read_by(row, person):
    DeclarationFactory(application=row, person=person)
    return person


def review():
    row, lead = application(), world.lead()
    criterion = CriterionFactory(call=row.call)
    ReviewFactory(application=row, reviewer=lead, to_do=True)
    form = {"read": 0, f"points_{criterion.pk}": 4, "comment": "A drill.", "hand_in": "1"}
    effects = [Review.objects.filter(application=row), audit("review.handed_in", row)]
    return Act([read_by(row, lead)], f"{STAFF}/application/{row.pk}/review/", form, effects)


def declare():
    row, lead = application(), world.lead()
    effects = [row.declarations.all(), audit("review.declared", row)]
    path = f"{STAFF}/application/{row.pk}/declare/"
    return Act([lead], path, {"conflict": "no"}, effects)


def declare_all():
    row, lead = application(), world.lead()
    effects = [row.declarations.all(), audit("review.declared", row.call)]
    return Act([lead], f"{STAFF}/call/{row.call_id}/declare/", {"shown": row.pk}, effects)


def lift():
    row, lead = application(), world.lead()
    person = world.lead()
    mistaken = DeclarationFactory(application=row, person=person, has_conflict=True, reason="A.")
    effects = [Declaration.objects.filter(pk=mistaken.pk, lifted_by=lead)]
    effects += [audit("review.conflict_lifted", row)]
    path = f"{STAFF}/declaration/{mistaken.pk}/lift/"
    return Act([lead], path, {"reason": "A drill."}, effects)


def give_out():
    row, lead = application(), world.lead()
    reviewer = world.lead()
    day = timezone.localdate() + timedelta(days=9)
    form = {"pair": f"{row.pk}-{reviewer.pk}", "each": 1, "due_on": f"{day:%Y-%m-%d}", "store": "1"}
    effects = [row.reviews.all(), audit("review.assigned", row), mails_to(reviewer.email)]
    return Act([lead], f"{STAFF}/call/{row.call_id}/assign/", form, effects)


def remind():
    row, lead = application(), world.lead()
    review = ReviewFactory(application=row, reviewer=world.lead(), to_do=True)
    effects = [mails_to(review.reviewer.email), audit("review.reminded", row.call)]
    return Act([lead], f"{STAFF}/call/{row.call_id}/remind/", {}, effects)


def send_back():
    row, lead = application(), world.lead()
    day = timezone.localdate() + timedelta(days=9)
    form = {"fields_asked": "motivation", "reason": "A drill.", "due_on": f"{day:%Y-%m-%d}"}
    effects = [row.completions.all(), audit("application.returned", row)]
    path = f"{STAFF}/application/{row.pk}/return/"
    return Act([read_by(row, lead)], path, form, effects)


def take_back():
    row, lead = application(), world.lead()
    read_by(row, lead)
    yesterday = timezone.now() - timedelta(days=1)
    values = {"fields": ["motivation"], "reason": "A drill.", "due_at": yesterday}
    completions.ask(row, by=lead, **values)
    effects = [AuditEntry.objects.filter(target=f"applications.application {row.pk}", by=lead,
                                         action="application.in_review")]  # fmt: skip
    return Act([lead], f"{STAFF}/application/{row.pk}/take-back/", {}, effects)


ACTS = {
    "admin:applications_application_review": [review],
    "admin:applications_application_declare": [declare],
    "admin:applications_application_return": [send_back],
    "admin:applications_application_take_back": [take_back],
    "admin:applications_call_declare": [declare_all],
    "admin:applications_call_assign": [give_out],
    "admin:applications_call_remind": [remind],
    "admin:applications_declaration_lift": [lift],
}
