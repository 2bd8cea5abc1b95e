from collections import defaultdict

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.audit import record
from accounts.models import STAFF_GROUPS, Membership, User
from accounts.workflow import Refused
from applications import permissions
from applications.models import UNDER_WAY, Application, Call, Declaration, Partner, Review
from applications.workflow import move
from applications.workflow.selections import locked
from notifications.models import Kind
from notifications.outbox import post

State = Application.State


def reviewers():
    """Who can be given an application: whoever wears a hat of the staff today, by name."""
    staff = User.objects.filter(is_staff=True, is_active=True, groups__name__in=STAFF_GROUPS)
    return staff.distinct().order_by("name", "email")


def to_assign(call, user):
    """The applications to `call` that `user` may give out: handed in and not decided yet."""
    rows = call.applications.for_staff(user).filter(state__in=UNDER_WAY)
    return rows.select_related("municipality").order_by("municipality__sort_fi", "pk")


def barred(applications):
    """Who must not review what, as pairs of keys: by a declared conflict, or a part in the town."""
    declared = Declaration.objects.conflicts().filter(application__in=applications)
    towns = {(row.pk, row.municipality_id) for row in applications}
    partners = Partner.objects.confirmed().filter(application__in=applications)
    towns |= set(partners.values_list("application", "municipality"))
    people = defaultdict(set)
    hats = Membership.objects.current().filter(municipality__in={town for _key, town in towns})
    for town, person in hats.values_list("municipality", "user"):
        people[town].add(person)
    own = {(key, person) for key, town in towns for person in people[town]}
    return own | set(declared.values_list("application", "person"))


@transaction.atomic
def assign(call, wanted, *, by, due_on, shown=None):
    """Have the `wanted` reviewers review a call's applications; pairs of keys.

    wanted: (application, reviewer). Who is added gets a mail. A review that is handed in stays; one
    that is not wanted any more ends, if it was among `shown`: what another lead has given out since
    the page was opened stays, and what one has taken back does too. None: all were. `due_on` then
    holds for all that are not handed in.
    Returns (how many were added, how many ended). Raises PermissionDenied without the right,
    Refused where somebody has a conflict of interest.
    """
    call = locked(call)
    if not permissions.can_assign(by, call):
        raise PermissionDenied
    applications = list(to_assign(call, by).select_for_update(of=("self",)))
    known = {(row.application_id, row.reviewer_id): row for row in reviews_of(applications)}
    live = {pair for pair, row in known.items() if row.ended_at is None}
    shown = live if shown is None else set(shown)
    added = set(wanted) - live - shown
    ended = removable(known, (live & shown) - set(wanted))
    if added & barred(applications):
        raise Refused(_("Somebody has declared a conflict of interest meanwhile. Look again."))
    Review.objects.filter(pk__in=[known[pair].pk for pair in ended]).update(ended_at=timezone.now())
    give_out(added, known, by, due_on)
    Review.objects.to_do().filter(application__in=applications).update(due_on=due_on)
    write_down(applications, added, ended, by)
    tell(call, added, due_on)
    return len(added), len(ended)


def reviews_of(applications):
    return Review.objects.filter(application__in=applications).select_for_update(of=("self",))


def removable(known, pairs):
    """Those of the `pairs` whose review is not handed in."""
    return {pair for pair in pairs if known[pair].handed_in_at is None}


def give_out(pairs, known, by, due_on):
    """Make the reviews; one that ended goes on with what was written in it."""
    now = timezone.now()
    again = [known[pair].pk for pair in pairs if pair in known]
    fields = {"assigned_at": now, "assigned_by": by, "due_on": due_on}
    Review.objects.filter(pk__in=again).update(ended_at=None, **fields)
    Review.objects.bulk_create(
        Review(application_id=application, reviewer_id=reviewer, **fields)
        for application, reviewer in sorted(pairs - known.keys())
    )


def write_down(applications, added, ended, by):
    """One audit entry for each application and kind of change, with the reviewers' names."""
    names = dict(reviewers().values_list("pk", "name"))
    for action, pairs in (("review.assigned", added), ("review.unassigned", ended)):
        people = defaultdict(list)
        for application, reviewer in sorted(pairs):
            people[application].append(names.get(reviewer, str(reviewer)))
        for application in applications:
            if application.pk in people:
                record(action, application, by=by, note=", ".join(people[application.pk]))


def tell(call, pairs, due_on):
    """One mail to each reviewer: how many applications are new to them, and by when."""
    per_person = defaultdict(list)
    for application, reviewer in sorted(pairs):
        per_person[reviewer].append(application)
    for person in User.objects.filter(pk__in=per_person).order_by("pk"):
        entry = Review.objects.filter(reviewer=person, application__in=per_person[person.pk])
        newest = entry.order_by("-assigned_at", "-pk").first()
        key = f"assigned-{newest.pk}-{newest.assigned_at:%Y%m%dT%H%M%S%f}"
        context = {"call": call, "count": len(per_person[person.pk]), "due_on": due_on}
        post(person, "emails/review_assigned.txt", key=key, context=context, kind=Kind.STAFF)


@transaction.atomic
def start_all(call, *, by):
    """Begin the review of all that is submitted to a closed call; returns how many began.

    Raises PermissionDenied without the right, Refused as long as applications may still come.
    """
    if not permissions.can_assign(by, call):
        raise PermissionDenied
    if call.phase != Call.Phase.CLOSED:
        raise Refused(_("The review of all applications begins once the call has closed."))
    rows = to_assign(call, by).filter(state=State.SUBMITTED)
    return sum(bool(move(row, State.IN_REVIEW, by=by)[1]) for row in rows)
