"""Rows for a drill: invented municipalities, their people and work, each of its own."""

import random
from datetime import timedelta
from itertools import count

from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.models import Group
from django.utils import timezone

from applications.models import Call, Project
from indexanalysis import edition
from indexanalysis.models import Round
from journey.seed import invented
from municipalities.languages import LANGUAGES
from tests.factories import (
    ApplicationFactory,
    AssessmentFactory,
    AssignmentFactory,
    CallFactory,
    MembershipFactory,
    MunicipalityFactory,
    ParticipationFactory,
    ReviewFactory,
    UserFactory,
)

NUMBER = count(1000)  # the demo's municipalities are D01 and the like


def town():
    number = next(NUMBER)
    name = f"Harjoitus {number}"
    names = {"name_fi": name, "name_sv": name, "name_en": name}
    return MunicipalityFactory(code=f"D{number}", is_demo=True, **names)


def person(municipality, role="coordinator"):
    """Somebody with this hat, who has set up a second factor where one is needed."""
    user = UserFactory(email=f"{role}-{next(NUMBER)}@drill.example", language="en")
    MembershipFactory(user=user, municipality=municipality, role=role)
    if user.needs_second_factor:
        TOTP.activate(user, generate_totp_secret())
    return user


def expert(municipality):
    """Somebody who is assigned to this municipality."""
    user = UserFactory(email=f"expert-{next(NUMBER)}@drill.example", language="en")
    AssignmentFactory(user=user, municipality=municipality)
    TOTP.activate(user, generate_totp_secret())
    return user


def assessment(municipality, *, answered=False):
    """An open questionnaire of the demo's round; answered: every question has its answer."""
    round_ = Round.objects.get(project__is_demo=True)
    participation = ParticipationFactory(project=round_.project, municipality=municipality)
    answers = answers_for(municipality) if answered else {}
    return AssessmentFactory(participation=participation, round=round_, answers=answers)


def answers_for(municipality):
    chance = random.Random(municipality.code)
    given = {q.code: invented(q, municipality, chance) for q in edition.load("2026").questions}
    return {code: fields["value"] for code, fields in given.items() if "reason" not in fields}


def open_call():
    return Call.objects.get(slug="demo-open")


def draft(municipality):
    """A complete application that waits to be submitted."""
    return ApplicationFactory(call=open_call(), municipality=municipality)


def closed_call(applicants=0, seats=7):
    """A call whose applications are under review and wait for the selection."""
    yesterday = timezone.now() - timedelta(days=1)
    project = Project.objects.get(is_demo=True)
    slug = f"drill-{next(NUMBER)}"
    call = CallFactory(project=project, slug=slug, seats=seats, closes_at=yesterday)
    for number in range(applicants):
        application = ApplicationFactory(call=call, municipality=town(), in_review=True)
        ReviewFactory(application=application, score=90 - number)
    return call


def proposal(call, outcomes):
    """What a lead sends from the board: an outcome for each application, best first, and why."""
    keys = call.applications.order_by("pk").values_list("pk", flat=True)
    soon = timezone.localdate() + timedelta(days=14)
    reasons = {f"reason_{language}": "A drill." for language in LANGUAGES}
    form = reasons | {"answer_by": soon.isoformat()}
    for key, outcome in zip(keys, outcomes, strict=True):
        form |= {f"{key}-outcome": outcome, f"{key}-reason": "A drill."}
    return form


def newcomer():
    """Somebody without a part in any municipality, whose address is confirmed."""
    user = UserFactory(email=f"newcomer-{next(NUMBER)}@drill.example", language="en")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


def lead():
    user = UserFactory(email=f"lead-{next(NUMBER)}@drill.example", is_staff=True)
    user.groups.add(Group.objects.get(name="lead"))
    TOTP.activate(user, generate_totp_secret())
    return user
