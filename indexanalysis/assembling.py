"""An assessment's rows as the plain values that the report is made of, for its page and its PDF."""

from django.utils import timezone

from indexanalysis.report import Given, Recommended, report


def report_of(assessment, language):
    answers = assessment.answers.all()
    return report(
        assessment.edition,
        {a.question: Given(a.value, a.example, a.reason) for a in answers},
        municipality=assessment.municipality.name,
        submitted_on=timezone.localdate(assessment.submitted_at),
        language=language,
        recommendations=[recommended(r) for r in assessment.recommendations.issued()],
    )


def recommended(row):
    """An issued recommendation with the municipality's answer, in the language of the page."""
    return Recommended(
        number=row.number,
        section=row.section,
        questions=tuple(row.questions),
        priority=row.priority,
        language=row.shown_language,
        title=row.title,
        text=row.text,
        reason=row.reason,
        is_taken_up=None if row.awaits_answer else row.is_taken_up,
        response=row.response,
        responded_on=timezone.localdate(row.responded_at) if row.responded_at else None,
    )
