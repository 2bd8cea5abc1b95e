from django.db import migrations


def tell_states(apps, schema_editor):
    """What was sent before there were states and kinds; a secret text was allauth's."""
    mails = apps.get_model("notifications", "Mail").objects
    mails.exclude(sent_at=None).update(state="sent")
    mails.filter(secret=False).update(kind="decision")


class Migration(migrations.Migration):

    dependencies = [("notifications", "0002_delivery")]

    operations = [migrations.RunPython(tell_states, migrations.RunPython.noop)]
