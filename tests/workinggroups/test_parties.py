from datetime import date

import pytest

from accounts.roles import Party
from workinggroups import parties, register
from workinggroups.models import LegalBasis, PartyKind, WorkingGroup

SHIPPED = parties.read(register.FILE.read_bytes())
FILE = """
[sources.act]
en = "Act"
fi = "Laki"
sv = "Lag"

[[kinds]]
code = "kela"
name = { en = "Kela", fi = "Kela", sv = "FPA" }
party = "state"
bases = [{ group = "working_group", since = 2025-01-01, source = "act", certainty = "seen" }]
"""


def test_a_kind_is_read_with_its_names_and_where_it_is_named():
    [kind] = parties.read(FILE.encode())

    assert (kind.code, kind.name.sv, kind.since, kind.until) == ("kela", "FPA", None, None)
    assert kind.bases == (
        parties.Basis(
            "working_group", date(2025, 1, 1), None, parties.Text("Act", "Laki", "Lag"), "seen"
        ),
    )


@pytest.mark.parametrize(
    ("right", "wrong", "reason"),
    [
        ('code = "kela"', "", "code is missing"),
        ('sv = "FPA"', 'se = "FPA"', "unknown key 'se'"),
        (', sv = "FPA"', "", "sv is missing"),
        ("party =", "partie =", "unknown key 'partie'"),
        ("since = 2025-01-01, ", "", "from when it holds"),
        ("2025-01-01,", '"2025",', "are days"),
        ("2025-01-01,", "2025-01-01, until = 2024-12-31,", "ends before it begins"),
        ('"act", ', '"law", ', "unknown source 'law'"),
        ('"seen"', '"sure"', "unknown certainty 'sure'"),
        ('"working_group"', '"board"', "unknown group 'board'"),
        ("[[kinds]]", "[other]\n[[kinds]]", "unknown key 'other'"),
    ],
)
def test_a_fault_is_named(right, wrong, reason):
    with pytest.raises(parties.PartiesError, match=reason):
        parties.read(FILE.replace(right, wrong, 1).encode())


def test_a_code_stands_only_once():
    twice = FILE + FILE[FILE.index("[[kinds]]") :]

    with pytest.raises(parties.PartiesError, match="kela: the code is there twice"):
        parties.read(twice.encode())


def test_the_shipped_kinds_fit_the_words_of_the_database():
    bases = [basis for kind in SHIPPED for basis in kind.bases]

    assert {kind.party for kind in SHIPPED} <= set(Party.values)
    assert set(parties.GROUPS) == set(WorkingGroup.Kind.values)
    assert set(parties.CERTAINTIES) == set(LegalBasis.Certainty.values)
    assert {basis.group for basis in bases} == set(parties.GROUPS)


def named(group, day):
    """The codes of the kinds that are named for a group on a day."""
    bases = LegalBasis.objects.on(day).filter(group=group)
    return {basis.kind.code for basis in bases.select_related("kind")}


@pytest.mark.parametrize(
    ("day", "there", "gone"),
    [
        (date(2024, 12, 31), {"te_office", "ely_centre"}, {"employment_authority"}),
        (date(2025, 1, 1), {"employment_authority", "ely_centre"}, {"te_office"}),
        (date(2026, 1, 1), {"economic_development_centre"}, {"ely_centre", "te_office"}),
    ],
)
def test_the_authorities_change_on_their_days(kinds, day, there, gone):
    found = named("working_group", day)

    assert there <= found
    assert gone.isdisjoint(found)
    assert there <= set(PartyKind.objects.on(day).values_list("code", flat=True))


def test_a_delegation_asks_for_labour_market_business_and_organisations(kinds):
    wanted = {"labour_market", "business", "organisation"}

    assert named("delegation", date(2024, 6, 1)) == named("delegation", date(2026, 6, 1)) == wanted


def test_what_we_only_infer_is_marked_so(kinds):
    inferred = LegalBasis.objects.filter(certainty="inferred").values_list("kind__code", flat=True)

    assert set(inferred) == {
        "economic_development_centre",
        "organisation",
        "labour_market",
        "business",
    }


def test_storing_the_same_file_again_changes_nothing(kinds):
    before = list(PartyKind.objects.values()), list(LegalBasis.objects.values())

    register.load(PartyKind, LegalBasis)

    assert (list(PartyKind.objects.values()), list(LegalBasis.objects.values())) == before
    assert len(before[0]) == len(SHIPPED)
