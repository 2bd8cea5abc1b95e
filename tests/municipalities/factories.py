"""Small registers for these tests. They are written as the real one is: through `register.load`."""

from municipalities import register
from municipalities.loading import COLUMNS, read
from municipalities.management.commands.load_municipalities import SHIPPED
from municipalities.models import Municipality

VAASA = {
    "code": "905",
    "name_fi": "Vaasa",
    "name_sv": "Vasa",
    "name_en": "Vaasa",
    "region_code": "15",
    "region_fi": "Pohjanmaa",
    "region_sv": "Österbotten",
    "region_en": "Ostrobothnia",
    "language_status": "bilingual_fi_majority",
    "urbanity": "urban",
    "wellbeing_county_fi": "Pohjanmaan hyvinvointialue",
    "wellbeing_county_sv": "Österbottens välfärdsområde",
    "wellbeing_county_en": "Ostrobothnia wellbeing services county",
    "employment_area_fi": "Pohjanmaa",
    "employment_area_sv": "Österbotten",
    "employment_area_en": "Ostrobothnia",
    "population_2022": "67988",
    "foreign_language_share_2022": "10.4",
    "foreign_language_share_2025": "14.9",
    "valid_until": "",
    "successor_code": "",
}


def named(code, name, **others):
    """The cells of a line about a municipality that has one name in all languages."""
    return {"code": code, "name_fi": name, "name_sv": name, "name_en": name, **others}


def file_of(*lines):
    """The file's bytes; each line says in what it differs from Vaasa's."""
    rows = [",".join(({**VAASA, **line})[column] for column in COLUMNS) for line in lines]
    return "\r\n".join([",".join(COLUMNS), *rows, ""]).encode()


def store(*lines):
    """Load a register of these lines; return the municipalities in their order."""
    register.load(read(file_of(*lines)))
    return [Municipality.objects.get(code=line.get("code", VAASA["code"])) for line in lines]


def load_shipped():
    return register.load(read(SHIPPED.read_bytes()))
