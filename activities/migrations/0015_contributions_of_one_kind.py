import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("activities", "0014_minutes_of_each"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="note",
            name="a_note_has_words",
        ),
        migrations.RemoveConstraint(
            model_name="note",
            name="a_note_is_taken_along_once",
        ),
        migrations.RemoveConstraint(
            model_name="note",
            name="a_note_is_somebodys_or_taken_along",
        ),
        migrations.AddField(
            model_name="factorvoice",
            name="paper",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="factor_voices",
                to="activities.paperentry",
            ),
        ),
        migrations.AlterField(
            model_name="factorvoice",
            name="attendance",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="factor_voices",
                to="activities.attendance",
            ),
        ),
        migrations.AlterField(
            model_name="note",
            name="attendance",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to="activities.attendance",
            ),
        ),
        migrations.AlterField(
            model_name="note",
            name="origin",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="activities.sessionphase"
            ),
        ),
        migrations.AlterField(
            model_name="note",
            name="paper",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="%(class)ss",
                to="activities.paperentry",
            ),
        ),
        migrations.AlterField(
            model_name="note",
            name="run",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="%(class)ss", to="activities.sessionphase"
            ),
        ),
        migrations.AddConstraint(
            model_name="factorvoice",
            constraint=models.UniqueConstraint(fields=("factor", "paper"), name="one_voice_per_factor_and_entry"),
        ),
        migrations.AddConstraint(
            model_name="factorvoice",
            constraint=models.CheckConstraint(
                condition=models.Q(("attendance__isnull", False), ("paper__isnull", False), _connector="OR"),
                name="a_voice_is_somebodys",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(condition=models.Q(("text", ""), _negated=True), name="note_has_words"),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("attendance__isnull", False),
                    ("paper__isnull", False),
                    models.Q(("origin_key", ""), _negated=True),
                    _connector="OR",
                ),
                name="note_comes_from_somewhere",
            ),
        ),
        migrations.AddConstraint(
            model_name="note",
            constraint=models.UniqueConstraint(
                condition=models.Q(("origin__isnull", False)),
                fields=("run", "origin", "origin_key"),
                name="note_is_taken_along_once",
            ),
        ),
    ]
