"""Applications and reviews as tables, in the asker's language: what the asker may see, no more."""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from applications import permissions
from applications.balance import size_of
from applications.models import WRITTEN, Application, Mark, Review
from applications.returned import as_submitted
from applications.words import SIZES

# Of each column: its heading, and its cell of a row.
OF_APPLICATION = (
    (lambda: _("Number of the application"), lambda a: a.pk),
    (lambda: _("Municipality"), lambda a: a.municipality.name),
    (lambda: _("Municipality code"), lambda a: a.municipality.code),
    (lambda: _("Region"), lambda a: a.municipality.region.name),
    (lambda: _("Population"), lambda a: a.municipality.population),
    (lambda: _("Size class"), lambda a: str(SIZES[size_of(a.municipality.population)])),
    (lambda: _("Language status"), lambda a: a.municipality.get_language_status_display()),
    (lambda: _("Call"), lambda a: a.call.title),
    (lambda: _("State"), lambda a: a.get_state_display()),
    (lambda: _("Submitted"), lambda a: moment(a.submitted_at)),
    (lambda: _("Mean score"), lambda a: a.mean_score if a.shows_mean else None),
    (lambda: _("Reviews"), lambda a: a.review_count),
    (lambda: _("Answer by"), lambda a: a.answer_by and a.answer_by.isoformat()),
)
OF_REVIEW = (
    (lambda: _("Number of the application"), lambda r: r.application_id),
    (lambda: _("Municipality"), lambda r: r.application.municipality.name),
    (lambda: _("Reviewer"), lambda r: r.reviewer.name),
    (lambda: _("Score"), lambda r: r.score),
    (lambda: _("Reasons"), lambda r: r.comment),
    (lambda: _("Handed in"), lambda r: moment(r.handed_in_at)),
)
OF_MARK = (
    (lambda: _("Number of the application"), lambda m: m.review.application_id),
    (lambda: _("Municipality"), lambda m: m.review.application.municipality.name),
    (lambda: _("Reviewer"), lambda m: m.review.reviewer.name),
    (lambda: _("Criterion"), lambda m: m.criterion.name),
    (lambda: _("Weight"), lambda m: m.criterion.weight),
    (lambda: _("Points"), lambda m: m.points),
    (lambda: _("Cannot judge"), lambda m: worded(m.cannot_judge)),
    (lambda: _("Reasons"), lambda m: m.comment),
)


def moment(at):
    """In Helsinki, to the minute, in the order that sorts: 2026-12-07 16:00."""
    return at and timezone.localtime(at).strftime("%Y-%m-%d %H:%M")


def applications_of(user, call):
    """What was handed in to `call`, or to any (None), without what `user` has a conflict with.

    A mean is shown to leads, and to whoever has handed in an own review; what the municipality
    wrote, to whoever has declared on it.
    """
    mine = Review.objects.filter(reviewer=user, handed_in_at__isnull=False)
    rows = Application.objects.for_staff(user).with_mean_score()
    rows = rows.filter(call=call) if call else rows
    rows = rows.annotate(
        is_readable=Exists(user.declarations.clear().filter(application=OuterRef("pk"))),
        shows_mean=Exists(mine.filter(application=OuterRef("pk"))),
    )
    applications = as_submitted(list(rows.select_related("call", "municipality__region")))
    for application in applications:
        application.shows_mean |= permissions.is_lead(user)
    return applications


def reviews_of(user, applications):
    """The reviews of these applications that `user` may read."""
    rows = Review.objects.visible_to(user).filter(application__in=applications)
    rows = rows.select_related("application__municipality", "reviewer")
    return list(rows.order_by("application__municipality__sort_fi", "pk"))


def marks_of(reviews):
    """What these reviews give for each criterion, review by review."""
    by_key = {review.pk: review for review in reviews}
    place = {key: number for number, key in enumerate(by_key)}
    marks = list(Mark.objects.filter(review__in=by_key).select_related("criterion"))
    for mark in marks:
        mark.review = by_key[mark.review_id]
    return sorted(marks, key=lambda m: (place[m.review_id], m.criterion.position, m.criterion_id))


def tables(user, call):
    """The three tables by name, each a list of rows with the headings first."""
    applications = applications_of(user, call)
    reviews = reviews_of(user, applications)
    return {
        "applications": [headings(OF_APPLICATION) + written_headings()]
        + [cells(OF_APPLICATION, row) + written(row) for row in applications],
        "reviews": [headings(OF_REVIEW)] + [cells(OF_REVIEW, row) for row in reviews],
        "marks": [headings(OF_MARK)] + [cells(OF_MARK, row) for row in marks_of(reviews)],
    }


def headings(columns):
    return [heading() for heading, _cell in columns]


def cells(columns, row):
    return [cell(row) for _heading, cell in columns]


def written_headings():
    return [str(capfirst(Application._meta.get_field(name).verbose_name)) for name in WRITTEN]


def written(application):
    """What the municipality wrote, in the form's order; a ticked box is a word."""
    if not application.is_readable:
        return ["" for _name in WRITTEN]
    return [worded(getattr(application, name)) for name in WRITTEN]


def worded(value):
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return value.isoformat() if hasattr(value, "isoformat") else value


def records(table):
    """A table as objects, each cell under its heading."""
    first, *rows = table
    return [dict(zip(first, row, strict=True)) for row in rows]
