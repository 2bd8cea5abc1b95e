from dataclasses import replace
from datetime import UTC, datetime

from icalendar import Calendar

from notifications.calendars import Event, file_of, file_of_all

NOW = datetime(2026, 11, 22, 10, tzinfo=UTC)
EVENT = Event(
    uid="meeting-1@portal.example",
    sequence=2,
    title="Työryhmä; kokous, osa 1",
    starts_at=datetime(2026, 7, 1, 6, tzinfo=UTC),
    ends_at=datetime(2026, 7, 1, 8, tzinfo=UTC),
    place="Kaupungintalo\\sali",
    text="Avaus\nPäätökset " + "ä" * 200,
    url="https://portal.example/fi/meetings/1/",
)


def read(event=EVENT):
    [entry] = Calendar.from_ical(file_of(event, NOW)).walk("VEVENT")
    return entry


def test_times_are_those_of_helsinki_with_its_rules():
    content = file_of(EVENT, NOW).decode()

    assert "DTSTART;TZID=Europe/Helsinki:20260701T090000" in content
    assert "DTEND;TZID=Europe/Helsinki:20260701T110000" in content
    assert "TZID:Europe/Helsinki" in content
    assert "DTSTAMP:20261122T100000Z" in content


def test_what_was_typed_comes_back_as_it_was():
    entry = read()

    assert (entry["SUMMARY"], entry["LOCATION"]) == (EVENT.title, EVENT.place)
    assert (entry["DESCRIPTION"], entry["URL"]) == (EVENT.text, EVENT.url)
    assert (entry["UID"], entry["SEQUENCE"]) == (EVENT.uid, 2)


def test_no_line_is_longer_than_the_format_allows():
    assert max(map(len, file_of(EVENT, NOW).splitlines())) <= 75


def test_a_line_break_slips_in_no_other_property():
    entry = read(Event(**vars(EVENT) | {"place": "Hall\r\nATTENDEE:mailto:a@evil.example"}))

    assert "ATTENDEE" not in entry


def test_a_whole_day_has_no_hours_and_ends_with_its_day():
    content = file_of(replace(EVENT, whole_day=True), NOW).decode()

    assert "DTSTART;VALUE=DATE:20260701" in content
    assert "DTEND;VALUE=DATE:20260702" in content


def test_a_moment_has_no_end():
    assert "DTEND" not in file_of(replace(EVENT, ends_at=None), NOW).decode().upper()


def test_several_events_are_one_file():
    entries = Calendar.from_ical(file_of_all([EVENT, replace(EVENT, uid="b")], NOW)).walk("VEVENT")

    assert [entry["UID"] for entry in entries] == [EVENT.uid, "b"]
