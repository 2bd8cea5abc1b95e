import tomllib
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from applications.models import Call, Participation, Project
from municipalities.models import Municipality

SOURCE = Path(__file__).resolve().parents[2] / "data" / "first-call.toml"


class Command(BaseCommand):
    help = "Store the project and its call of 2022, as they were; a second run changes nothing."

    @transaction.atomic
    def handle(self, *args, **options):
        data = tomllib.loads(SOURCE.read_text())
        code = data["project"].pop("code")
        project, _created = Project.objects.get_or_create(code=code, defaults=data["project"])
        slug = data["call"].pop("slug")
        fields = data["call"] | {"project": project, "state": Call.State.DECIDED}
        call, _created = Call.objects.get_or_create(slug=slug, defaults=fields)
        self.store_participations(project, call, data["participations"])

    def store_participations(self, project, call, data):
        towns = Municipality.objects.in_bulk(field_name="code")
        begun = {"call": call, "joined_on": data["selected_on"]}
        outcomes = [(code, begun) for code in data["selected"]]
        outcomes += [(code, {"joined_late": True}) for code in data["joined_late"]]
        for code, fields in outcomes:
            Participation.objects.get_or_create(
                project=project,
                municipality=towns[code],
                defaults=fields | {"state": Participation.State.COMPLETED},
            )
