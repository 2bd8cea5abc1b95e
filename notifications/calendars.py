"""Events as a calendar file (RFC 5545), for whoever keeps their calendar elsewhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Event:
    """What a calendar shows. Times with a zone; they are written as Helsinki's.

    uid: the same for the same event for ever, so that a later file replaces an earlier one.
    sequence: higher with each change. ends_at: None for a moment, such as a deadline. url: the
    event's page. whole_day: without hours, from the first day to the last, both included.
    """

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime | None
    place: str
    text: str
    url: str
    whole_day: bool = False


def file_of(event: Event, now: datetime) -> bytes:
    """Return the calendar file of one event, made `now`, with the rules of Helsinki's clock."""
    return file_of_all([event], now)


def file_of_all(events: Iterable[Event], now: datetime) -> bytes:
    """Return the calendar file of several events, as `file_of`."""
    calendar = Calendar()
    calendar.add("prodid", "-//Integration portal//EN")
    calendar.add("version", "2.0")
    for event in events:
        calendar.add_component(entry_of(event, now))
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content


def entry_of(event: Event, now: datetime) -> Entry:
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("summary", event.title)
    add_times(entry, event)
    entry.add("dtstamp", now)
    entry.add("location", event.place)
    entry.add("description", event.text)
    entry.add("url", event.url)
    return entry


def add_times(entry: Entry, event: Event) -> None:
    """What ends at no time of its own takes none; the end of a whole day is the day after."""
    starts = event.starts_at.astimezone(HELSINKI)
    ends = event.ends_at.astimezone(HELSINKI) if event.ends_at else None
    entry.add("dtstart", starts.date() if event.whole_day else starts)
    if ends:
        entry.add("dtend", ends.date() + timedelta(days=1) if event.whole_day else ends)
