import pytest

from journey.stages import workinggroups as stage
from workinggroups import standing
from workinggroups.models import Meeting, Task, WorkingGroup


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_a_town_of_the_demo_has_met_and_written_down_what_came_of_it(
    participation, coordinator, member, kinds, language
):
    people = [coordinator, member]

    group = stage.found(participation, by=coordinator, people=people, language=language)
    stage.meet(group, by=coordinator, language=language)
    stage.appoint(participation, by=coordinator, language=language)

    assert set(WorkingGroup.objects.values_list("kind", flat=True)) == set(WorkingGroup.Kind)
    assert set(Meeting.objects.values_list("state", flat=True)) == {"approved", "remarks", "draft"}
    assert Meeting.objects.exclude(called_at=None).count() == 1
    assert Task.objects.open().exists()
    assert Task.objects.done().exists()
    # A picture worth looking at: something is covered, thin and missing in both halves.
    current = group.members.current().with_people()
    for matrix in (standing.areas(current), standing.parties(group, current)):
        assert {row.line.standing for row in matrix.rows} >= {"thin", "missing"}
    assert group.members.filter(user=member).exists()


@pytest.mark.parametrize("language", ["fi", "sv"])
def test_the_same_again_changes_nothing(participation, coordinator, kinds, language):
    for _ in range(2):
        stage.found(participation, by=coordinator, people=[coordinator], language=language)

    assert WorkingGroup.objects.count() == 1
    assert WorkingGroup.objects.get().members.filter(email=coordinator.email).count() == 1
