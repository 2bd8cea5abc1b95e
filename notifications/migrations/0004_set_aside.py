from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0003_states_of_old_mails'),
    ]

    operations = [
        migrations.AlterField(
            model_name='mail',
            name='failure',
            field=models.CharField(blank=True, choices=[('away', 'the mail server does not answer'), ('later', 'the mail server asks to try later'), ('refused', "the receiver's server does not take it"), ('unsendable', 'no mail can be made of it'), ('braked', 'many to one receiver within an hour: it waits'), ('set_aside', 'set aside when a backup was restored')], db_default='', max_length=20, verbose_name='why not sent'),
        ),
    ]
