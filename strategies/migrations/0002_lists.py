from django.db import migrations

from strategies.loading import load_skeleton, load_statutes


def load(apps, schema_editor):
    """Store the lists and the skeleton as their files have them now."""
    load_statutes(
        apps.get_model("strategies", "Statute"), apps.get_model("strategies", "StatutoryPoint")
    )
    load_skeleton(apps.get_model("strategies", "Heading"))


class Migration(migrations.Migration):
    """The statutory lists A to D, and the chapters that a new strategy begins with."""

    dependencies = [("strategies", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
