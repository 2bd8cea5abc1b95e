"""What a group covers today: its members against the policy areas and the parties of the law."""

from dataclasses import dataclass

from django.utils import timezone

from applications.areas import POLICY_AREAS
from applications.words import AREAS
from municipalities.sorting import sort_key
from workinggroups import coverage
from workinggroups.models import GroupMember, LegalBasis
from workinggroups.words import STANDINGS

ROLES = GroupMember.Role.values
TONES = {"covered": "ok", "thin": "warn", "missing": "bad"}


@dataclass(frozen=True)
class Row:
    """A line of the matrix in words. basis: where law or guidance names the party, or None."""

    name: object
    line: coverage.Line
    basis: object = None

    @property
    def label(self):
        return STANDINGS[self.line.standing]

    @property
    def tone(self):
        return TONES[self.line.standing]


@dataclass(frozen=True)
class Matrix:
    rows: list

    @property
    def counts(self):
        """(standing's code, its words, how many) in the order covered, thin, missing."""
        found = coverage.counts(row.line for row in self.rows)
        return [(code, STANDINGS[code], number) for code, number in found.items()]


def in_order(members):
    """Who leads first, then by name."""
    return sorted(members, key=lambda member: (ROLES.index(member.role), sort_key(member.name)))


def areas(members):
    """The eight policy areas against `members`, as `with_people` reads them."""
    found = coverage.lines(POLICY_AREAS, [(member.name, member.areas) for member in members])
    return Matrix([Row(AREAS[line.code], line) for line in found])


def parties(group, members):
    """The parties that law or guidance names today for a group of this kind, against `members`."""
    bases = LegalBasis.objects.on(timezone.localdate()).filter(group=group.kind)
    named = {basis.kind.code: basis for basis in bases.select_related("kind")}
    covering = [(m.name, [m.party_kind.code] if m.party_kind else []) for m in members]
    found = coverage.lines(named, covering)
    return Matrix([Row(named[line.code].kind.name, line, named[line.code]) for line in found])
