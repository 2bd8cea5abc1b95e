"""What the page of one application shows to whoever reviews it."""

from django.db.models import Prefetch

from applications import marks, permissions
from applications.forms.reviews import ReviewForm
from applications.models import ATTACHMENTS, Application, Mark, Review
from applications.returned import as_submitted, attachments_submitted
from applications.steps import sheet
from drafting.desks import in_words
from drafting.pages import Part

State = Application.State


def reading(user, application, form=None):
    """The context: what was written, the own review, and what others' reviews may be read.

    form: the person's own, with what was typed, where it could not be stored.
    """
    given = marks_first(application.reviews.live()).filter(reviewer=user).first()
    completion = application.completions.select_related("asked_by").first()
    score = application.state == State.IN_REVIEW and given
    if given and not form:
        form = ReviewForm(review=given, call=application.call)
    as_submitted([application])
    return sheet(application) | {
        "attachments": attachments_submitted(application, completion),
        "given": given,
        "form": form,
        "draft_score": draft_score(given, application.call),
        "can_score": score,
        "shows_form": score or (form and form.is_bound),
        "can_return": application.state == State.IN_REVIEW
        and permissions.can_return(user, application),
        "can_take_back": application.state == State.RETURNED
        and permissions.can_take_back(user, application),
        "completion": completion,
        "changes": changes(application, completion) if completion else [],
        "next_in_queue": next_in_queue(user, application),
        "can_assign": permissions.can_assign(user, application.call),
        **others(user, application),
    }


def marks_first(reviews):
    """The reviews with their marks, in the criteria's order."""
    rows = Mark.objects.select_related("criterion").order_by("criterion__position", "criterion")
    return reviews.prefetch_related(Prefetch("marks", rows))


def draft_score(review, call):
    """What the stored marks of a review come to, handed in or not."""
    if review is None:
        return None
    given = [marks.Given(mark.criterion.weight, mark.points) for mark in review.marks.all()]
    return marks.score(given, call.highest_mark)


def others(user, application):
    """The reviews that are in, as a table: for each criterion what each reviewer gave."""
    visible = application.reviews.visible_to(user).handed_in().select_related("reviewer")
    reviews = list(marks_first(visible).order_by("handed_in_at"))
    given = [{mark.criterion_id: mark for mark in review.marks.all()} for review in reviews]
    criteria = list(application.call.criteria.all()) if reviews else []
    scores = [review.score for review in reviews]
    return {
        "reviews": reviews,
        "table": [(one, [marks_of.get(one.pk) for marks_of in given]) for one in criteria],
        "mean": marks.mean(scores),
        "spread": marks.spread(scores),
    }


def next_in_queue(user, application):
    """The next application that the person has to review after this one, or None."""
    queue = Review.objects.queue_of(user).to_do().exclude(application=application)
    return queue.first()


def changes(application, completion):
    """Each written field that was open for completion and differs now, before and after."""
    names = [name for name in completion.fields if name != ATTACHMENTS]
    before = application.values_at(completion.version, names) if names else {}
    now = {name: getattr(application, name) for name in before}
    return [
        Part(
            Application._meta.get_field(name).verbose_name,
            in_words(before[name], {}),
            in_words(now[name], {}),
            box=name,
        )
        for name in before
        if before[name] != now[name]
    ]
