"""What the report of a visit shows, as values: for its page and its PDF. Never a note."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from indexanalysis.models import Recommendation
from visits.following import FollowUp, follow_up
from visits.models import Finding


@dataclass(frozen=True)
class Followed:
    """A recommendation with its section in words and its follow-up."""

    row: Recommendation
    section: str
    follow_up: FollowUp


@dataclass(frozen=True)
class Report:
    summary: str
    items: list[tuple[Any, str]]  # with the title of the section
    people_met: list[Any]
    findings: list[tuple[str, list[tuple[Finding, str]]]]  # by kind
    followed: list[Followed]
    on: date  # how the follow-up stood


def report_of(visit, language):
    """The report of a visit, worded in `language`; what was written stays as it was written."""

    def with_section(rows):
        return [(row, visit.section_title(row.section, language)) for row in rows]

    found = with_section(visit.findings.shared())
    return Report(
        summary=visit.summary,
        items=with_section(visit.items.all()),
        people_met=list(visit.people_met.all()),
        findings=[
            (kind.label, [pair for pair in found if pair[0].kind == kind]) for kind in Finding.Kind
        ],
        followed=followed(issued_to(visit.participation), language),
        on=timezone.localdate(),
    )


def issued_to(participation):
    """All recommendations that a municipality has been given, in the order of their numbers."""
    rows = Recommendation.objects.issued().filter(assessment__participation=participation)
    return rows.order_by("assessment", "number")


def followed(recommendations, language):
    """Each with its section in words and its observations, side by side."""
    rows = recommendations.with_town().prefetch_related("observations__by")
    today = timezone.localdate()
    return [
        Followed(
            row,
            row.edition_section.title.in_language(language),
            follow_up(row.observations.all(), today),
        )
        for row in rows
    ]
