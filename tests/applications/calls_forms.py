"""What the admin's form of a call sends."""

from datetime import timedelta

from django.utils import timezone

from applications.models import SECTIONS

LANGUAGES = ("en", "fi", "sv")
PARTS = ("dates", "requirements", "criteria", "contacts", "questions", "documents")


def in_all(name, text):
    return {f"{name}_{language}": text for language in LANGUAGES}


def counted(**parts):
    """The management forms of the parts: how many rows are sent, none of them stored yet."""
    return {
        f"{name}-{which}": count
        for name in PARTS
        for which, count in {"TOTAL_FORMS": parts.get(name, 0), "INITIAL_FORMS": 0}.items()
    }


def moment(name, when):
    local = timezone.localtime(when)
    return {f"{name}_0": f"{local:%d.%m.%Y}", f"{name}_1": f"{local:%H:%M}"}


def sent(project, **more):
    """A complete form without parts."""
    values = {"project": project.pk, "slug": "2027", "seats": 7, "policy_areas": ["education"]}
    values |= {"highest_mark": 5, "pass_mark": 50}
    values |= moment("opens_at", timezone.now() + timedelta(days=10))
    values |= moment("closes_at", timezone.now() + timedelta(days=40))
    for name in ("title", "text", *SECTIONS):
        values |= in_all(name, f"About {name}")
    return values | counted() | more


def part(prefix, /, **fields):
    return {f"{prefix}-0-{field}": value for field, value in fields.items()}
