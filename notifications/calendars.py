"""One event as a calendar file (RFC 5545), for whoever keeps their calendar elsewhere."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from icalendar import Calendar
from icalendar import Event as Entry

HELSINKI = ZoneInfo("Europe/Helsinki")


@dataclass(frozen=True)
class Event:
    """What a calendar shows. Times with a zone; they are written as Helsinki's.

    uid: the same for the same event for ever, so that a later file replaces an earlier one.
    sequence: higher with each change. url: the event's page.
    """

    uid: str
    sequence: int
    title: str
    starts_at: datetime
    ends_at: datetime
    place: str
    text: str
    url: str


def file_of(event: Event, now: datetime) -> bytes:
    """Return the calendar file of one event, made `now`, with the rules of Helsinki's clock."""
    entry = Entry()
    entry.add("uid", event.uid)
    entry.add("sequence", event.sequence)
    entry.add("summary", event.title)
    entry.add("dtstart", event.starts_at.astimezone(HELSINKI))
    entry.add("dtend", event.ends_at.astimezone(HELSINKI))
    entry.add("dtstamp", now)
    entry.add("location", event.place)
    entry.add("description", event.text)
    entry.add("url", event.url)
    calendar = Calendar()
    calendar.add("prodid", "-//Integration portal//EN")
    calendar.add("version", "2.0")
    calendar.add_component(entry)
    calendar.add_missing_timezones()
    content: bytes = calendar.to_ical()
    return content
