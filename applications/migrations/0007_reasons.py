from django.db import migrations, models


def keep(apps, schema_editor):
    """What was written in one language stands for all, as it did."""
    rows = apps.get_model("applications", "Selection").objects
    rows.update(reason_fi=models.F("reason_en"), reason_sv=models.F("reason_en"))


def texts(language, **more):
    return models.TextField(f"reasons in {language}", max_length=4000, **more)


class Migration(migrations.Migration):
    dependencies = [("applications", "0006_selecting")]

    operations = [
        migrations.RenameField("selection", "reason", "reason_en"),
        migrations.AlterField("selection", "reason_en", texts("English")),
        migrations.AddField(
            "selection", "reason_fi", texts("Finnish", default=""), preserve_default=False
        ),
        migrations.AddField(
            "selection", "reason_sv", texts("Swedish", default=""), preserve_default=False
        ),
        migrations.RunPython(keep, migrations.RunPython.noop),
    ]
