from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("courses", "0002_keep_every_text")]

    operations = [
        migrations.AddField(
            model_name="enrolment",
            name="objectives_rated",
            field=models.PositiveIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="topicprogress",
            name="objectives_rated",
            field=models.PositiveIntegerField(default=0, help_text="At the end of the topic."),
        ),
    ]
