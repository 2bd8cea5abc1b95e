"""Which of the project's policy areas each sector works on."""

from collections.abc import Sequence

# By the codes of `accounts.roles.Sector`. A member of whom this is not true names their own areas.
BY_SECTOR = {
    "business": ("business", "labour_market"),
    "central_administration": (),
    "communications": ("multilingualism",),
    "culture": ("culture",),
    "early_childhood": ("education",),
    "education": ("education",),
    "employment": ("labour_market",),
    "equality": ("anti_discrimination",),
    "housing": ("urban_planning",),
    "integration": ("participation", "multilingualism"),
    "land_use": ("urban_planning",),
    "library": ("culture", "multilingualism"),
    "participation": ("participation",),
    "personnel": ("labour_market", "anti_discrimination"),
    "procurement": ("business",),
    "safety": ("anti_discrimination",),
    "sports": ("culture",),
    "wellbeing": ("culture",),
    "youth": ("participation", "culture"),
}


def areas_of(sector: str, corrected: Sequence[str]) -> tuple[str, ...]:
    """Return the policy areas of a member: those that were named, or else those of the sector."""
    return tuple(corrected) or BY_SECTOR.get(sector, ())
