from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0013_meeting_rounds"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="cardturn",
            name="paused_before",
        ),
        migrations.AddField(
            model_name="sessionphase",
            name="each_seconds",
            field=models.PositiveIntegerField(
                help_text="Of each person, group or round, as set before the session began; empty: as planned.",
                null=True,
            ),
        ),
    ]
