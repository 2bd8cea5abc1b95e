from django.db import migrations


def make(apps, schema_editor):
    apps.get_model("auth", "Group").objects.get_or_create(name="observer")


class Migration(migrations.Migration):
    """The hat of ministries and others who follow what is published; set in the admin."""

    dependencies = [
        ("accounts", "0004_invitations"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
