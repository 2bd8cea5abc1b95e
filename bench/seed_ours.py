"""Fill a migrated, empty database with N invented municipalities, and write measure.py's target.

usage: seed_ours.py N TARGET.json     in the portal's environment (SECRET_KEY, DATABASE_URL, ...)

The shape is the floor's: 18 sections, 95 questions, all answered by every municipality; one call
with an application of each and three reviews of every application. The first OPEN assessments are
open, so that answers can be saved; the others are submitted, with reports that can be asked for.
"""

import json
import os
import sys
from datetime import timedelta
from pathlib import Path

import django

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings")
django.setup()

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone

from accounts.models import Membership, User
from applications import marks
from applications.models import (
    Application,
    Call,
    Criterion,
    Declaration,
    Mark,
    Participation,
    Project,
    Review,
)
from documents.models import Document
from indexanalysis.models import Answer, Assessment, IndexReport, Round
from municipalities.models import Municipality, Region
from municipalities.register import in_its_place

OPEN = 40
PASSWORD = "bench-pass-of-invented-people"  # noqa: S105 of nobody
REVIEWERS = 3
WRITING = f"reviewer{REVIEWERS}"  # whose reviews of the first applications are drafts
PROSE = (
    "municipal plan service citizen energy water housing transport open data budget school health "
    "culture climate inclusion digital network council region youth public space waste mobility "
)
NOW = timezone.now()
TODAY = timezone.localdate()


def prose(count):
    """So many words, or a few more."""
    return " ".join([PROSE] * (1 + count // 25))[: count * 7].capitalize() + "."


def main(count, target):
    towns = store_towns(count)
    project = Project.objects.create(
        code="bench", starts_on=TODAY, ends_on=TODAY + timedelta(days=500), **texts(Project)
    )
    call = Call.objects.create(
        project=project,
        slug="bench",
        closes_at=NOW - timedelta(days=1),
        state=Call.State.PUBLISHED,
        **texts(Call),
    )
    people = store_people(towns)
    applications = store_applications(call, towns, people)
    assessments = store_assessments(project, towns)
    reports = store_reports(assessments[OPEN:], people)
    description = describe(call, people, applications, assessments, reports)
    Path(target).write_text(json.dumps(description, indent=1))


def texts(model):
    names = [f.name for f in model._meta.fields if f.name.endswith(("_en", "_fi", "_sv"))]
    return dict.fromkeys(names, prose(12))


def store_towns(count):
    names = {"name_fi": "Uusimaa", "name_sv": "Nyland", "name_en": "Uusimaa"}
    region, _created = Region.objects.get_or_create(code="01", defaults=names)
    return Municipality.objects.bulk_create(
        in_its_place(
            Municipality(
                code=f"D{number:04}",
                **dict.fromkeys(("name_fi", "name_sv", "name_en"), f"Municipality {number:04}"),
                region=region,
                language_status="unilingual_fi",
                urbanity="rural",
                population=1000 + number,
                is_demo=True,
            )
        )
        for number in range(count)
    )


def store_people(towns):
    """A coordinator of each of the first towns, a member who signs in, reviewers and a lead."""
    hashed = make_password(PASSWORD)
    names = [f"coordinator{number}" for number in range(OPEN)]
    names += ["member", "lead", WRITING, *(f"reviewer{number}" for number in range(REVIEWERS))]
    people = {
        name: User.objects.create(email=f"{name}@bench.example", name=name, password=hashed)
        for name in names
    }
    for number in range(OPEN):
        give(people[f"coordinator{number}"], towns[number], "coordinator")
    give(people["member"], towns[0], "member")
    for name in names[OPEN + 1 :]:
        people[name].groups.add(Group.objects.get(name=name.rstrip("0123456789")))
    User.objects.filter(groups__isnull=False).update(is_staff=True)
    for user in User.objects.all():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        if user.needs_second_factor:
            TOTP.activate(user, generate_totp_secret())
    return people


def give(user, town, role):
    Membership.objects.create(user=user, municipality=town, role=role)


def store_applications(call, towns, people):
    long_texts = ("motivation", "present_work", "working_group", "staff_time")
    applications = Application.objects.bulk_create(
        Application(
            call=call,
            municipality=town,
            state=Application.State.IN_REVIEW,
            submitted_at=NOW - timedelta(days=2),
            contact_name="Contact",
            contact_email="contact@bench.example",
            coordinator_name="Coordinator",
            coordinator_post="Development manager",
            deciding_body="Municipal board",
            decided_on=TODAY,
            works_in_english=True,
            stays_to_the_end=True,
            **dict.fromkeys(long_texts, prose(120)),
        )
        for town in towns
    )
    store_reviews(call, applications, people)
    return applications


def store_reviews(call, applications, people):
    """Three reviews of each, by five criteria; reviewers and the lead have declared on all."""
    criteria = Criterion.objects.bulk_create(
        Criterion(call=call, weight=number, **texts(Criterion)) for number in range(1, 6)
    )
    reviewers = [people[f"reviewer{number}"] for number in range(REVIEWERS)]
    Declaration.objects.bulk_create(
        Declaration(application=application, person=person, has_conflict=False)
        for application in applications
        for person in [people["lead"], people[WRITING], *reviewers]
    )
    Review.objects.bulk_create(
        Review(application=application, reviewer=people[WRITING])
        for application in applications[:OPEN]
    )
    reviews = Review.objects.bulk_create(
        Review(
            application=application,
            reviewer=person,
            score=score(application, person, criteria),
            comment=prose(60),
            version=1,
            handed_in_at=NOW,
        )
        for application in applications
        for person in reviewers
    )
    Mark.objects.bulk_create(
        Mark(review=review, criterion=one, points=points(review.application, review.reviewer, one))
        for review in reviews
        for one in criteria
    )


def points(application, person, criterion):
    return (application.pk * 7 + person.pk * 13 + criterion.pk) % 6


def score(application, person, criteria):
    given = [marks.Given(one.weight, points(application, person, one)) for one in criteria]
    return marks.score(given, highest=5)


def store_assessments(project, towns):
    round_ = Round(
        project=project,
        edition_code=settings.SHIPPED_EDITION,
        opens_on=TODAY - timedelta(days=9),
        due_on=TODAY + timedelta(days=60),
    )
    round_.edition_checksum = round_.edition.checksum
    round_.save()
    participations = Participation.objects.bulk_create(
        Participation(project=project, municipality=town, joined_on=TODAY) for town in towns
    )
    assessments = Assessment.objects.bulk_create(
        Assessment(participation=participation, round=round_, **state(number))
        for number, participation in enumerate(participations)
    )
    questions = round_.edition.questions
    Answer.objects.bulk_create(
        (
            Answer(
                assessment=assessment,
                question=question.code,
                value=value(question, assessment.pk + place),
                example=prose(40) if place % 6 == 0 else "",
                version=1,
            )
            for assessment in assessments
            for place, question in enumerate(questions)
        ),
        batch_size=5000,
    )
    return assessments


def state(number):
    if number < OPEN:
        return {}
    return {"state": Assessment.State.SUBMITTED, "submitted_at": NOW}


def value(question, number):
    codes = [option.code for option in question.options if not option.none]
    if question.kind == "ticks":
        return codes[: 1 + number % len(codes)]
    return codes[number % len(codes)] if codes else number


def store_reports(assessments, people):
    """Three failed reports of each: asking for one again is what is measured."""
    wanted = [(a, language) for a in assessments for language, _name in settings.LANGUAGES]
    documents = Document.objects.bulk_create(
        Document(
            task="indexanalysis.tasks.produce_report",
            key=f"{assessment.pk}-{language}",
            state=Document.State.FAILED,
            asked_by=people["lead"],
        )
        for assessment, language in wanted
    )
    IndexReport.objects.bulk_create(
        IndexReport(assessment=assessment, language=language, document=document)
        for (assessment, language), document in zip(wanted, documents, strict=True)
    )
    return [f"{assessment.pk}/report/{language}" for assessment, language in wanted]


def session(user):
    """A signed-in session; its second factor cannot be shown eight times within a minute."""
    store = SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.create()
    return store.session_key


def describe(call, people, applications, assessments, reports):
    """What measure.py asks of us; the half of the reports that is not asked for is made."""
    owners = [session(people[f"coordinator{number}"]) for number in range(OPEN)]
    middle = assessments[0].pk
    half = len(reports) // 2
    signing_in = [
        {"get": "/en/accounts/login/"},
        {
            "post": "/en/accounts/login/",
            "form": {"login": "member@bench.example", "password": PASSWORD},
            "expect": [302],
        },
    ]
    return {
        "name": "ours",
        "sessions": {
            "owner": cookie(owners),
            "lead": cookie([session(people["lead"])]),
            "reviewer": cookie([session(people[WRITING])]),
        },
        "vars": {"any": [application.pk for application in applications[:200]]},
        "per_client": {
            "mine": [assessment.pk for assessment in assessments[:OPEN]],
            "judged": [application.pk for application in applications[:OPEN]],
        },
        "once": {"asked": reports[:half], "made": reports[half:]},
        "requests": requests(call, signing_in, assessments[OPEN].pk, middle),
    }


def cookie(keys):
    return [{"cookies": {settings.SESSION_COOKIE_NAME: keys}}]


def requests(call, signing_in, submitted, middle):
    staff = "/en/staff/applications"
    section = "/en/assessments/{mine}/sections"
    first, version = f"{section}/commitment/", {"version": "input:COM-01-read"}
    review = {"take": {"version": "input:read"}}
    judged = {f"points_{criterion.pk}": "4" for criterion in call.criteria.all()}
    owner, lead, reviewer = ({"session": name} for name in ("owner", "lead", "reviewer"))
    front = [{"get": "/en/home/"}]
    return [
        {"name": "login page", "role": "login", "path": "/en/accounts/login/", "weight": True},
        {"name": "login (password check)", "role": "login_post", "script": signing_in, "n": 12},
        {
            "name": "save one answer, with score and progress",
            "role": "save",
            **owner,
            "prepare": [
                {"get": f"{section}/commitment/", "take": {"version": "input:COM-01-read"}}
            ],
            "path": "/en/assessments/{mine}/answers/COM-01/",
            "headers": {"HX-Request": "true"},
            "form": {"COM-01-read": "{version}", "COM-01-example": f"Saved {{n}} {prose(30)}"},
            "take": version,
        },
        {
            "name": "questionnaire page of one section",
            "role": "detail",
            **owner,
            "path": first,
            "weight": True,
        },
        {"name": "next section", "role": "detail_next", **owner, "path": f"{section}/education/"},
        {
            "name": "report page: scores, charts, all 95 answers",
            "role": "answers",
            **lead,
            "path": f"/en/assessments/{submitted}/report/",
        },
        {
            "name": "list of 50 in the admin",
            "role": "list",
            **lead,
            "path": f"{staff}/application/",
            "weight": True,
        },
        {
            "name": "list in the admin, searched",
            "role": "list_searched",
            **lead,
            "path": f"{staff}/application/?q=Municipality+01",
        },
        {
            "name": "one application, seen by staff",
            "role": "overview",
            **lead,
            "path": f"{staff}/application/{{any}}/change/",
        },
        {
            "name": "selection board of all, with scores",
            "role": "review",
            **lead,
            "path": f"{staff}/call/{call.pk}/selection/",
        },
        {
            "name": "save a review",
            "role": "review_save",
            **reviewer,
            "prepare": [{"get": f"{staff}/application/{{judged}}/change/", **review}],
            "path": f"{staff}/application/{{judged}}/review/",
            "headers": {"HX-Request": "true"},
            "form": {"read": "{version}", "comment": f"Saved {{n}} {prose(30)}", **judged},
            **review,
        },
        {
            "name": "export of all reviews, as CSV",
            "role": "export",
            **lead,
            "path": f"{staff}/application/export/reviews/",
        },
        {
            "name": "ask for the PDF",
            "role": "ask_pdf",
            **lead,
            "clients": 1,
            "prepare": front,
            "path": "/en/assessments/{asked}/again/",
            "form": {},
            "expect": [302],
        },
        {
            "name": "PDF, made by the worker",
            "role": "report_pdf",
            **lead,
            "n": 3,
            "clients": 1,
            "prepare": front,
            "steps": [
                {"post": "/en/assessments/{made}/again/", "form": {}, "expect": [302]},
                {
                    "get": "/en/assessments/{made}/",
                    "expect": [200, 404],
                    "until": "%PDF",
                    "every": 0.25,
                },
            ],
        },
    ]


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2])
