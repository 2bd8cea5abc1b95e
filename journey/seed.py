"""The demo's invented municipalities, people and work. Run again, it adds what is missing."""

import random
import tomllib
from datetime import datetime, time, timedelta
from pathlib import Path

from allauth.account.models import EmailAddress
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import OBSERVERS, STAFF_GROUPS, Assignment, Membership, User
from accounts.workflow import invitations
from applications import workflow
from applications.models import (
    Application,
    Call,
    Criterion,
    Participation,
    Project,
    Requirement,
)
from applications.workflow import (
    assignments,
    declarations,
    letters,
    participations,
    partners,
    reviews,
    selections,
)
from applications.workflow.reviews import Judgement
from applications.workflow.selections import Choice
from drafting import saving
from indexanalysis import workflow as assessing
from indexanalysis.models import Round
from journey import further
from municipalities.models import Municipality
from municipalities.register import demo as store_town

DATA = Path(__file__).parent / "data" / "demo.toml"
PASSWORD = "hyvat-vaestosuhteet"  # noqa: S105 of invented people, shown on the demo's page
HALF = 40  # questions that the half-answered assessment has answered


@transaction.atomic
def seed():
    """Store the demo's world. What a visitor has done to it since the first run stays."""
    data = tomllib.loads(DATA.read_text())
    for town in data["towns"]:
        region = town.pop("region")
        store_town(region_code=region, **town)
    for group in [*STAFF_GROUPS, OBSERVERS]:
        Group.objects.get_or_create(name=group)
    # One costly hash for all of them: it is the same password, and it is printed anyway.
    hashed = make_password(PASSWORD)
    people = {person["email"]: store_person(person, hashed) for person in data["people"]}
    store_superuser(hashed)
    if not Project.objects.filter(is_demo=True).exists():
        store_work(data, people)
    keep_open()


def store_person(person, hashed):
    user = User.objects.filter(email=person["email"]).first()
    if user:
        return user
    groups = Group.objects.filter(name__in=person.get("groups", []))
    fields = {key: person[key] for key in ("email", "name", "language")}
    is_staff = any(group.name in STAFF_GROUPS for group in groups)
    user = User.objects.create(password=hashed, is_staff=is_staff, **fields)
    user.groups.set(groups)
    give_hats(user, person)
    allow_sign_in(user)
    return user


def give_hats(user, person):
    last_year = timezone.localdate() - timedelta(days=365)
    part = {key: person[key] for key in ("sector", "party", "organisation") if key in person}
    for code, role in person.get("hats", {}).items():
        town = Municipality.objects.get(code=code)
        Membership.objects.create(user=user, municipality=town, role=role, since=last_year, **part)
    for code in person.get("expert", []):
        town = Municipality.objects.get(code=code)
        Assignment.objects.create(user=user, municipality=town, since=last_year)


def allow_sign_in(user):
    """A confirmed address, and the second factor for those who need it."""
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if user.needs_second_factor:
        TOTP.activate(user, generate_totp_secret())
        RecoveryCodes.activate(user)


def store_superuser(hashed):
    fields = {"password": hashed, "name": "Upkeep", "is_staff": True, "is_superuser": True}
    user, created = User.objects.get_or_create(email="super@demo.example", defaults=fields)
    if created:
        allow_sign_in(user)


def store_work(data, people):
    today = timezone.localdate()
    dates = {"starts_on": today - timedelta(days=200), "ends_on": today + timedelta(days=530)}
    project = Project.objects.create(code="demo", is_demo=True, **data["project"], **dates)
    calls = {key: store_call(project, key, texts) for key, texts in data["calls"].items()}
    store_parts(project, calls["open"], data)
    for call in calls.values():
        Criterion.objects.bulk_create(
            Criterion(call=call, position=number, **texts)
            for number, texts in enumerate(data["criteria"], start=1)
        )
    town = {t.code: t for t in Municipality.objects.filter(is_demo=True)}
    lead = people["leena.lead@demo.example"]
    aino, sofia = people["aino.coordinator@demo.example"], people["sofia.coordinator@demo.example"]
    round_ = store_round(project)
    for code in ("D01", "D02"):
        take_in(project, calls["decided"], town[code])
    late = Participation(project=project, municipality=town["D06"], joined_on=today)
    participations.add_late_joiner(late, by=lead)
    answer(town["D01"], round_, by=aino, upto=HALF)
    assessing.submit(answer(town["D02"], round_, by=sofia), by=sofia)
    decide(calls["answering"], town, people, data["application"])
    store_applications(calls, town, people, data["application"])
    store_reviews(calls["closed"], people, data["reviews"])
    invitations.invite(town["D01"], data["invitations"], by=aino)
    store_further(project, calls["decided"], town, people, round_)


def store_further(project, call, town, people, round_):
    """Two more have answered and submitted; then each goes on as far as it is shown."""
    maria = people["maria.coordinator@demo.example"]
    for code in ("D07", "D08"):
        take_in(project, call, town[code])
        assessing.submit(answer(town[code], round_, by=maria), by=maria)
    taking_part = project.participations.select_related("municipality")
    further.go_on({row.municipality.code: row for row in taking_part}, people)


def store_call(project, key, texts):
    """One call of the demo; when it opens and closes is relative to today."""
    opens, closes = {
        "open": (-14, 45), "closed": (-60, -3), "answering": (-120, -40), "decided": (-300, -230)
    }[key]  # fmt: skip
    now = timezone.now().replace(hour=14, minute=0, second=0, microsecond=0)
    state = Call.State.DECIDED if key == "decided" else Call.State.PUBLISHED
    call = Call.objects.create(
        project=project,
        slug=f"demo-{key}",
        opens_at=now + timedelta(days=opens),
        closes_at=now + timedelta(days=closes),
        decided_on=timezone.localdate() - timedelta(days=210) if key == "decided" else None,
        state=state,
        seats={"open": 7, "answering": 1}.get(key, 2),
        **texts,
    )
    letters.lay_out(call)
    return call


def store_parts(project, call, data):
    """What the open call's page says beside its texts, and who is behind the project."""
    for body in data["bodies"]:
        project.bodies.create(**body)
    for date in data["dates"]:
        call.dates.create(**moments(date.pop("days"), date.pop("hours", [])), **date)
    for contact in data["contacts"]:
        call.contacts.create(**contact)
    for question in data["questions"]:
        call.questions.create(**question)
    call.announcements.create(**data["announcement"])


def moments(days, hours):
    """When something is, so many `days` from today: from and to two hours, or the whole day."""
    day = timezone.localdate() + timedelta(days=days)
    clocks = [time.fromisoformat(hour) for hour in hours] or [time()]
    times = [timezone.make_aware(datetime.combine(day, clock)) for clock in clocks]
    return {
        "starts_at": times[0],
        "ends_at": times[1] if hours else None,
        "is_whole_day": not hours,
    }


def keep_open():
    """The open call of a demo that was first started weeks ago lies ahead again, with its dates."""
    soon = timezone.now() + timedelta(days=14)
    for call in Call.objects.filter(slug="demo-open", closes_at__lt=soon):
        later = timedelta(days=(timezone.now() - call.closes_at).days + 45)
        call.closes_at += later
        call.save(update_fields=["closes_at"])
        call.dates.update(starts_at=F("starts_at") + later, ends_at=F("ends_at") + later)


def store_round(project):
    today = timezone.localdate()
    round_ = Round(
        project=project,
        edition_code="2026",
        opens_on=today - timedelta(days=30),
        due_on=today + timedelta(days=60),
    )
    round_.edition_checksum = round_.edition.checksum
    round_.save()
    return round_


def take_in(project, call, town):
    joined = timezone.localdate() - timedelta(days=200)
    Participation.objects.create(project=project, municipality=town, call=call, joined_on=joined)


def answer(town, round_, *, by, upto=None):
    """Open the round's questionnaire for `town` and give its first `upto` answers, always alike."""
    participation = Participation.objects.get(project=round_.project, municipality=town)
    assessment, _created = assessing.start(participation, round_, by=by)
    chance = random.Random(town.code)  # noqa: S311 no secret: the same invented answers each time
    rows = {row.question: row for row in assessment.answers.all()}
    for question in round_.edition.questions[:upto]:
        values = invented(question, town, chance)
        saving.save(rows[question.code], values, read=0, by=by)
    return assessment


def invented(question, town, chance):
    """An answer that fits the question, with an example on every third and some left out."""
    if chance.random() < 0.05:
        return {"value": "not_applicable", "reason": "Keksitty esimerkki / påhittat exempel."}
    value = invented_value(question, chance)
    if question.language_sides and town.is_bilingual:
        value = {"fi": value, "sv": invented_value(question, chance)}
    example = "Keksitty esimerkki / påhittat exempel." if chance.random() < 0.3 else ""
    return {"value": value, "example": example}


def invented_value(question, chance):
    codes = [option.code for option in question.options if not option.none]
    if question.kind == "ticks":
        chosen = chance.sample(codes, chance.randint(1, len(codes)))
        return [code for code in question.option_codes if code in chosen]
    return chance.choice(codes)


def store_requirements(call):
    """A letter if one likes, and the extract of the decision, which may follow by two weeks."""
    until = call.closes_at + timedelta(days=14)
    Requirement.objects.create(call=call, what="letter", is_required=False)
    Requirement.objects.create(call=call, what="decision", follows_until=until)


def complete(texts):
    """What a complete application of the demo says."""
    decided_on = timezone.localdate() - timedelta(days=20)
    return texts | {"decided_on": decided_on, "works_in_english": True, "stays_to_the_end": True}


def in_review(call, town, texts, number):
    """An application under review; number: the lower, the later it was submitted."""
    return Application.objects.create(
        call=call,
        municipality=town,
        state=Application.State.IN_REVIEW,
        submitted_at=call.closes_at - timedelta(days=2 + number),
        **texts,
    )


def decide(call, town, people, texts):
    """A call decided today: one municipality is to confirm its place, another is on reserve."""
    texts = complete(texts)
    first, second = (
        in_review(call, town[code], texts, number) for number, code in enumerate(["D05", "D04"])
    )
    judge(call, {first: 4, second: 3}, people)
    chosen = {
        first.pk: Choice("selected", None, "A broad working group with time set aside for it."),
        second.pk: Choice("reserve", 1, "A good plan; the time of the coordinator is still open."),
    }
    selection = selections.propose(
        call,
        chosen,
        by=people["leena.lead@demo.example"],
        reasons={
            "en": "The reviews were read together, and the selection follows the scores.",
            "fi": "Arvioinnit käytiin yhdessä läpi, ja valinta noudattaa pisteitä.",
            "sv": "Bedömningarna gicks igenom tillsammans, och urvalet följer poängen.",
        },
        answer_by=timezone.localdate() + timedelta(days=14),
    )
    selections.confirm(selection, by=people["lars.lead@demo.example"])


def judge(call, points, people):
    """One review of each application. points: by application, the same for each criterion."""
    lead, rauno = people["leena.lead@demo.example"], people["rauno.reviewer@demo.example"]
    wanted = {(application.pk, rauno.pk) for application in points}
    assignments.assign(call, wanted, by=lead, due_on=timezone.localdate())
    criteria = call.criteria.all()
    for application, given in points.items():
        declarations.declare(application, by=rauno, has_conflict=False)
        judgements = {criterion.pk: judgement(given) for criterion in criteria}
        comment = "Read with care, point by point."
        reviews.hand_in(application, by=rauno, judgements=judgements, comment=comment, read=0)


def store_applications(calls, town, people, texts):
    """A draft for the open call, and submitted applications of the closed one under review."""
    texts = complete(texts)
    lauri = people["lauri.coordinator@demo.example"]
    store_requirements(calls["open"])
    draft, _created = workflow.start(calls["open"], town["D03"], by=lauri)
    begun = ("contact_name", "contact_email", "motivation")
    saving.save(draft, {name: texts[name] for name in begun}, read=0, by=lauri)
    partners.ask(draft, town["D01"], by=lauri)
    for number, code in enumerate(["D04", "D05", "D03"]):
        in_review(calls["closed"], town[code], texts, number)


def store_reviews(call, people, said):
    """Everything is given out to two; one is through with it, the other has only begun."""
    lead = people["leena.lead@demo.example"]
    rows = {row.municipality.code: row for row in call.applications.select_related("municipality")}
    reviewers = {people[one["reviewer"]] for one in said}
    wanted = {(row.pk, person.pk) for row in rows.values() for person in reviewers}
    due_on = timezone.localdate() + timedelta(days=10)
    assignments.assign(call, wanted, by=lead, due_on=due_on)
    criteria = list(call.criteria.all())
    for one in said:
        application, reviewer = rows[one["town"]], people[one["reviewer"]]
        declarations.declare(application, by=reviewer, has_conflict=False)
        write = reviews.hand_in if one["handed_in"] else reviews.save
        marks = zip(criteria, one["points"], strict=True)
        judgements = {criterion.pk: judgement(points) for criterion, points in marks}
        write(application, by=reviewer, judgements=judgements, comment=one["comment"], read=0)
    for application in rows.values():
        declarations.declare(application, by=lead, has_conflict=False)


def judgement(points):
    """points: as the demo's data has them, -1 for "cannot judge" and -2 for nothing yet."""
    return Judgement(None if points < 0 else points, cannot_judge=points == -1)
