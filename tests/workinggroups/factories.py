from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import ParticipationFactory
from workinggroups.models import Decision, GroupMember, Meeting, Task, WorkingGroup


def in_days(days, hours=0):
    return factory.LazyFunction(lambda: timezone.now() + timedelta(days=days, hours=hours))


class WorkingGroupFactory(DjangoModelFactory):
    class Meta:
        model = WorkingGroup

    class Params:
        delegation = factory.Trait(
            kind="delegation",
            name=factory.Sequence(lambda n: f"Delegation {n}"),
            appointing_body="Municipal board",
            term_since=factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=100)),
            term_until=factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=600)),
        )

    participation = factory.SubFactory(ParticipationFactory)


class GroupMemberFactory(DjangoModelFactory):
    class Meta:
        model = GroupMember

    group = factory.SubFactory(WorkingGroupFactory)
    name = factory.Sequence(lambda n: f"Member {n}")
    since = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=50))


class MeetingFactory(DjangoModelFactory):
    """A meeting of next week; `held`: of yesterday, with notes."""

    class Meta:
        model = Meeting

    class Params:
        held = factory.Trait(
            starts_at=in_days(-1), ends_at=in_days(-1, hours=2), notes="We met and talked."
        )

    group = factory.SubFactory(WorkingGroupFactory)
    starts_at = in_days(7)
    ends_at = in_days(7, hours=2)
    place = "Town hall"
    language = "fi"


class DecisionFactory(DjangoModelFactory):
    class Meta:
        model = Decision

    meeting = factory.SubFactory(MeetingFactory, held=True)
    text = factory.Sequence(lambda n: f"Decision {n}")


class TaskFactory(DjangoModelFactory):
    class Meta:
        model = Task

    group = factory.SubFactory(WorkingGroupFactory)
    owner = factory.SubFactory(GroupMemberFactory, group=factory.SelfAttribute("..group"))
    title = factory.Sequence(lambda n: f"Task {n}")
    due_on = factory.LazyFunction(lambda: timezone.localdate() + timedelta(days=14))
