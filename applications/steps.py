"""The steps of an application: what is done, what is missing, and where each thing is written."""

from dataclasses import dataclass
from itertools import pairwise

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from applications.models import OPTIONAL, STEPS, WRITTEN, Application
from applications.workflow import missing

# In the order of the pages. What has no fields in `STEPS` has a page of its own.
TITLES = {
    "partners": _("Municipality and partners"),
    "people": _("Contact person and coordinator"),
    "decision": _("The decision to apply"),
    "motivation": _("Motivation"),
    "present-work": _("Present work"),
    "working-group": _("Planned working group"),
    "staff-time": _("Staff time"),
    "languages": _("Languages"),
    "commitment": _("Commitment"),
    "registry": _("Registry"),
    "attachments": _("Attachments"),
}


@dataclass(frozen=True)
class Missing:
    """Something that keeps an application from being submitted, and where it is put right."""

    label: str
    url: str


@dataclass(frozen=True)
class Step:
    """One page of the form. is_needed: something of it has to be there before submitting.

    follows: all that lacks may be handed in later.
    """

    code: str
    title: str | Promise
    url: str
    missing: list[Missing]
    is_needed: bool = True
    follows: bool = False

    @property
    def is_done(self):
        return self.is_needed and not self.missing


def steps(application):
    """Every step of `application`, as it stands now."""
    gaps = missing(application)
    return [
        attachments_step(application) if code == "attachments" else step(application, code, gaps)
        for code in codes(application)
    ]


def step(application, code, gaps):
    """The step of some fields. gaps: all the fields that the application lacks."""
    url = address(application, code)
    own = [Missing(label(name), f"{url}#id_{name}") for name in gaps if of(name, code)]
    return Step(code, TITLES[code], url, own, is_needed=code != "registry")


def attachments_step(application):
    url, asked = address(application, "attachments"), application.call.requirements
    lacking = [Missing(str(row), f"{url}#add") for row in asked.due().lacking_in(application)]
    follows = not lacking and asked.following().lacking_in(application).exists()
    needed = not follows and asked.filter(is_required=True).exists()
    return Step("attachments", TITLES["attachments"], url, lacking, needed, follows)


def codes(application):
    """The steps that are open: of what was returned for completion, those with what is asked."""
    if application.state != Application.State.RETURNED:
        return list(TITLES)
    completion = application.open_completion
    asked = set(completion.fields) if completion else set()
    return [code for code in TITLES if {code, *STEPS.get(code, ())} & asked]


def of(name, code):
    return name in STEPS.get(code, ())


def label(name):
    return capfirst(Application._meta.get_field(name).verbose_name)


def address(application, code):
    """The page of a step."""
    if code in STEPS:
        return reverse("applications:edit", args=[application.pk, code])
    return reverse(f"applications:{code}", args=[application.pk])


def all_missing(rows):
    """What is missing in all of the steps `rows`."""
    return [one for step in rows for one in step.missing]


def progress(rows):
    """How many of the steps that are needed are done: (done, needed)."""
    needed = [step for step in rows if step.is_needed]
    return sum(step.is_done for step in needed), len(needed)


def around(application, code):
    """For a step's page: its number and title, and the titles and pages before and after it."""
    here = codes(application)
    before = {after: one for one, after in pairwise(here)}.get(code)
    after = dict(pairwise(here)).get(code)
    return {
        "number": here.index(code) + 1 if code in here else None,
        "steps_in_all": len(here),
        "title": TITLES[code],
        "before": before and (TITLES[before], address(application, before)),
        "after": after and (TITLES[after], address(application, after)),
    }


def sheet(application):
    """For `applications/_application.html`: the application as its reviewers read it.

    What may stay open and does is left out.
    """
    values = [(name, getattr(application, name)) for name in WRITTEN]
    return {
        "application": application,
        "fields": [(label(n), value, n) for n, value in values if value or n not in OPTIONAL],
        "partners": application.partners.confirmed().select_related("municipality"),
        "attachments": application.attachments.kept().select_related("upload"),
    }
