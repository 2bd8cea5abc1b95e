"""The words for a person's part in a municipality: role, sector, kind of partner."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    COORDINATOR = "coordinator", _("coordinator")
    MEMBER = "member", _("member")
    READER = "reader", _("reader")


# Nobody gives a role that stands above the own one.
RANK = {Role.READER: 0, Role.MEMBER: 1, Role.COORDINATOR: 2}

MEANING = {
    Role.COORDINATOR: _(
        "Applies and submits for the municipality, lets people in and changes their roles."
    ),
    Role.MEMBER: _("Writes the application and answers the questionnaire with the others."),
    Role.READER: _("Reads the municipality's work and changes nothing."),
}


class Sector(models.TextChoices):
    """Whose view a person brings. The codes are those that the questionnaire's editions name."""

    BUSINESS = "business", _("business and industry")
    CENTRAL_ADMINISTRATION = "central_administration", _("central administration")
    COMMUNICATIONS = "communications", _("communications")
    CULTURE = "culture", _("culture")
    EARLY_CHILDHOOD = "early_childhood", _("early childhood education")
    EDUCATION = "education", _("education")
    EMPLOYMENT = "employment", _("employment")
    EQUALITY = "equality", _("equality")
    HOUSING = "housing", _("housing")
    INTEGRATION = "integration", _("integration")
    LAND_USE = "land_use", _("land use and planning")
    LIBRARY = "library", _("library")
    PARTICIPATION = "participation", _("participation of residents")
    PERSONNEL = "personnel", _("personnel")
    PROCUREMENT = "procurement", _("procurement")
    SAFETY = "safety", _("safety")
    SPORTS = "sports", _("sports and physical activity")
    WELLBEING = "wellbeing", _("wellbeing and health")
    YOUTH = "youth", _("youth")


class Party(models.TextChoices):
    """What kind of partner somebody comes from who does not work for the municipality."""

    EMPLOYMENT_AUTHORITY = "employment_authority", _("employment authority")
    WELLBEING_COUNTY = "wellbeing_county", _("wellbeing services county")
    MUNICIPALITY = "municipality", _("another municipality")
    REGIONAL = "regional", _("regional council")
    STATE = "state", _("state authority")
    ORGANISATION = "organisation", _("organisation or association")
    CONGREGATION = "congregation", _("parish or religious community")
    LABOUR_MARKET = "labour_market", _("labour market organisation")
    BUSINESS = "business", _("company or entrepreneurs' organisation")
    EDUCATION = "education", _("educational institution")
    RESIDENTS = "residents", _("representative of residents")
