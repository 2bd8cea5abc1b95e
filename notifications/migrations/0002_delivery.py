import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Preference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('security', 'Signing in and security'), ('invitation', 'Invitations'), ('decision', 'Decisions on applications and access'), ('application', "My municipality's application"), ('questionnaire', 'The index questionnaire'), ('comment', 'Comments and mentions'), ('staff', "Project staff's work"), ('digest', 'Summaries')], max_length=20)),
                ('rhythm', models.CharField(choices=[('now', 'at once'), ('daily', 'once a day, at 7:00'), ('weekly', 'once a week, on Monday at 7:00'), ('off', 'not at all')], max_length=20)),
            ],
        ),
        migrations.CreateModel(
            name='Pulse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, unique=True)),
                ('at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.RemoveIndex(
            model_name='mail',
            name='mails_waiting',
        ),
        migrations.AddField(
            model_name='mail',
            name='attempts',
            field=models.PositiveSmallIntegerField(db_default=0, verbose_name='tries'),
        ),
        migrations.AddField(
            model_name='mail',
            name='digest',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='gathered', to='notifications.mail', verbose_name='summary'),
        ),
        migrations.AddField(
            model_name='mail',
            name='failure',
            field=models.CharField(blank=True, choices=[('away', 'the mail server does not answer'), ('later', 'the mail server asks to try later'), ('refused', "the receiver's server does not take it"), ('unsendable', 'no mail can be made of it'), ('braked', 'many to one receiver within an hour: it waits')], db_default='', max_length=20, verbose_name='why not sent'),
        ),
        migrations.AddField(
            model_name='mail',
            name='gist',
            field=models.TextField(blank=True, db_default='', verbose_name='text in a summary'),
        ),
        migrations.AddField(
            model_name='mail',
            name='kind',
            field=models.CharField(choices=[('security', 'Signing in and security'), ('invitation', 'Invitations'), ('decision', 'Decisions on applications and access'), ('application', "My municipality's application"), ('questionnaire', 'The index questionnaire'), ('comment', 'Comments and mentions'), ('staff', "Project staff's work"), ('digest', 'Summaries')], db_default='security', max_length=20, verbose_name='kind'),
        ),
        migrations.AddField(
            model_name='mail',
            name='last_error',
            field=models.CharField(db_default='', max_length=300, verbose_name="the server's words"),
        ),
        migrations.AddField(
            model_name='mail',
            name='next_at',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='next try'),
        ),
        migrations.AddField(
            model_name='mail',
            name='state',
            field=models.CharField(choices=[('waiting', 'waiting'), ('held', 'kept for a summary'), ('sent', 'sent'), ('gathered', 'sent in a summary'), ('unwanted', 'not wanted by the receiver'), ('refused', "refused by the receiver's server"), ('failed', 'given up')], db_default='waiting', max_length=20, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='mail',
            name='user',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='mails', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AddField(
            model_name='mail',
            name='waits_since',
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), verbose_name='waiting since'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['to', 'id'], name='mails_waiting_by_receiver'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('state', 'held')), fields=['next_at'], name='mails_held'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(fields=['to', 'kind', 'sent_at'], name='mails_by_receiver'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'gathered'), _negated=True), ('digest__isnull', False), _connector='OR'), name='a_gathered_mail_names_its_summary'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'held'), _negated=True), models.Q(('secret', False), ('user__isnull', False)), _connector='OR'), name='a_held_mail_has_a_person_and_no_secret'),
        ),
        migrations.AddField(
            model_name='preference',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mail_preferences', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='preference',
            constraint=models.UniqueConstraint(fields=('user', 'kind'), name='one_rhythm_per_person_and_kind'),
        ),
    ]
