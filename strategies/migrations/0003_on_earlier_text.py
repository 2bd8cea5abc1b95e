from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("strategies", "0002_lists")]
    operations = [
        migrations.AddField(
            model_name="decisionstep",
            name="on_earlier_text",
            field=models.BooleanField(
                db_default=False,
                default=False,
                editable=False,
                verbose_name="decided on an earlier text",
            ),
        ),
    ]
