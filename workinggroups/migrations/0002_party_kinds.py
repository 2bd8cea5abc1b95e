from django.db import migrations

from workinggroups import register


def load(apps, schema_editor):
    kinds = apps.get_model("workinggroups", "PartyKind")
    bases = apps.get_model("workinggroups", "LegalBasis")
    register.load(kinds, bases)


class Migration(migrations.Migration):
    dependencies = [("workinggroups", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
