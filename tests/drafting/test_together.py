"""Three people write one text with a bad network; a reference model says what may happen to it.

Every word that anybody types is unique. So each store can be judged by itself: a word may leave the
text only by the hand of somebody who had it before the eyes and took it out, and a word may come
in only once, by the one who typed it.
"""

import re
from dataclasses import dataclass, field
from itertools import count

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test

from drafting.saving import save
from municipalities.models import Municipality
from tests.factories import ApplicationFactory, MembershipFactory, MunicipalityFactory

LONG, SHORT = "motivation", "contact_name"
WORD = re.compile(r"w\d+")
WHO = st.integers(0, 2)
PLACE = st.integers(0, 5)


def words(values):
    return set(WORD.findall("\n".join(values.values())))


@dataclass
class Page:
    """What one person has on the screen, and what of it is under way."""

    shown: dict
    read: int
    base: dict | None = None  # what was sent, while a join is not on the screen yet
    waiting: dict | None = None  # the save that has no answer yet
    answer: object = None  # of the server, still on its way
    conflict: object = None
    removed: set = field(default_factory=set)  # words taken out knowingly
    brought_back: set = field(default_factory=set)  # words chosen over those who took them out

    def see(self, values):
        self.shown, self.base = dict(values), None
        self.removed -= words(values)


@dataclass
class First:
    saved: object
    changed: bool  # what changes nothing leaves no version behind, and no key


class ThreeWriters(RuleBasedStateMachine):
    def __init__(self):
        super().__init__()
        town = Municipality.objects.first() or MunicipalityFactory()  # there are only so many codes
        self.people = [MembershipFactory(municipality=town).user for _ in range(3)]
        self.row = ApplicationFactory(
            municipality=town, motivation="w1\nw2\nw3\nw4", contact_name="w5"
        )
        self.number = count(6)
        self.ever = words(self.stored())
        self.gone_in = {}
        self.pages = [Page(self.stored(), 0) for _ in range(3)]

    def stored(self):
        row = type(self.row).objects.get(pk=self.row.pk)
        return {name: getattr(row, name) for name in (LONG, SHORT)}

    def new_word(self):
        return f"w{next(self.number)}"

    def change(self, page, name, value):
        gone = words(page.shown) - words(page.shown | {name: value})
        page.shown = page.shown | {name: value}
        page.removed |= gone

    @rule(who=WHO, place=PLACE, how=st.sampled_from(["write", "write", "add", "remove"]))
    def edit_the_long_text(self, who, place, how):
        lines = self.pages[who].shown[LONG].split("\n")
        place %= len(lines)
        if how == "write":
            lines[place] += f" {self.new_word()}"
        elif how == "add":
            lines.insert(place, self.new_word())
        else:
            del lines[place]
        self.change(self.pages[who], LONG, "\n".join(lines))

    @rule(who=WHO)
    def replace_the_short_text(self, who):
        self.change(self.pages[who], SHORT, self.new_word())

    @rule(who=WHO, network=st.sampled_from(["well", "well", "slow", "answer lost", "down"]))
    def save(self, who, network):
        """A save that has no answer yet is repeated as it was; else what is on the page is sent."""
        page = self.pages[who]
        if page.conflict:
            return
        page.waiting = page.waiting or {
            "values": dict(page.shown), "read": page.read, "base": page.base,
            "by": self.people[who], "key": str(next(self.number)),
        }  # fmt: skip
        if network != "down":
            answer = self.serve(who, page.waiting)
            page.answer = page.answer if network == "answer lost" else answer
        if network == "well":
            self.receive(who)

    @precondition(lambda self: self.gone_in)
    @rule(which=st.integers(0, 200))
    def deliver_an_old_one_again(self, which):
        """A proxy repeats what went in long ago; nobody waits for that answer."""
        key = list(self.gone_in)[which % len(self.gone_in)]
        who, request, _first = self.gone_in[key]
        self.serve(who, request)

    def serve(self, who, request):
        before, page = self.stored(), self.pages[who]
        saved = save(self.row, **request)
        after = self.stored()
        lost, gained = words(before) - words(after), words(after) - words(before)
        if not saved.went_in:
            assert after == before
        assert lost <= page.removed, f"overwritten unseen: {lost}"
        assert gained <= words(request["values"]), f"from nowhere: {gained}"
        assert not gained & self.ever - page.brought_back, f"came back: {gained & self.ever}"
        texts = WORD.findall("\n".join(after.values()))
        assert len(texts) == len(set(texts)), "doubled"
        self.ever |= gained
        if saved.went_in:
            assert words(request["values"]) <= self.ever, "acknowledged, but never stored"
        self.compare_with_first(who, request, saved, before == after)
        return saved

    def compare_with_first(self, who, request, saved, is_same):
        """What went in goes in again with the same result, and changes nothing."""
        key = request["key"]
        if key in self.gone_in and self.gone_in[key][2].changed:
            first = self.gone_in[key][2].saved
            assert (saved.went_in, saved.version, saved.values) == (
                True,
                first.version,
                first.values,
            )
            assert is_same
        elif saved.went_in:
            self.gone_in[key] = who, request, First(saved, not is_same)

    @rule(who=WHO)
    def receive(self, who):
        """The answer to a slow save arrives, maybe when more has been typed."""
        page = self.pages[who]
        if page.answer is None:
            return
        saved, sent = page.answer, page.waiting["values"]
        page.answer = page.waiting = None
        if not saved.went_in:
            page.conflict = saved
            return
        page.read = saved.version
        if page.shown == sent:
            page.see(saved.values)
        else:
            page.base = sent if saved.joined else None

    @rule(who=WHO, how=st.sampled_from(["keep", "take", "join"]))
    def settle(self, who, how):
        """The page with both texts: it rests on the stored version, which it shows."""
        page = self.pages[who]
        if not page.conflict:
            return
        saved, page.conflict = page.conflict, None
        theirs = {name: getattr(saved.row, name) for name in (LONG, SHORT)}
        chosen = {name: self.choose(how, name, saved, theirs) for name in theirs}
        page.removed |= words(theirs) - words(chosen)
        page.brought_back |= words(chosen) - words(theirs)
        page.shown, page.read, page.base = chosen, saved.row.version, None

    def choose(self, how, name, saved, theirs):
        mine = saved.values[name]
        if name not in saved.differing or how == "take":
            return mine
        if how == "keep" or name == SHORT:
            return theirs[name]
        own = [line for line in mine.split("\n") if not words({"": line}) & words(theirs)]
        return "\n".join([theirs[name], *own])

    @rule(who=WHO)
    def open_again(self, who):
        """Leaving a page with something unsaved is warned of; here it is left."""
        page = self.pages[who]
        if not page.waiting:
            row = type(self.row).objects.get(pk=self.row.pk)
            page.see(self.stored())
            page.read, page.conflict = row.version, None

    def teardown(self):
        versions = [revision.version for revision in self.row.revisions.order_by("version")]
        if versions:
            row = type(self.row).objects.get(pk=self.row.pk)
            assert versions == list(range(row.version + 1))
            assert row.values_at(row.version, [LONG, SHORT]) == self.stored()


@pytest.mark.django_db
@pytest.mark.parametrize("runs", [30, pytest.param(2000, marks=pytest.mark.drill)])
def test_three_writers_with_a_bad_network_lose_double_and_overwrite_nothing(runs):
    run_state_machine_as_test(
        ThreeWriters,
        settings=settings(
            max_examples=runs,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
