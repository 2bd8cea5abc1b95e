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
        self.add_parts(project.bodies, data["bodies"])
        call = self.store_call(project, data["call"])
        self.add_parts(call.dates, data["dates"])
        self.store_participations(project, call, data["participations"])

    def store_call(self, project, data):
        """A call that was stored before it had sections gets them; nothing else is touched."""
        fields = data | {"project": project, "state": Call.State.DECIDED}
        call, created = Call.objects.get_or_create(slug=fields.pop("slug"), defaults=fields)
        lacking = [name for name, text in data.items() if text and not getattr(call, name, text)]
        if lacking and not created:
            for name in lacking:
                setattr(call, name, data[name])
            call.save(update_fields=lacking)
        return call

    def add_parts(self, parts, rows):
        """Where there are none yet: what the staff have kept since is theirs."""
        if not parts.exists():
            for row in rows:
                parts.create(**row)

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
