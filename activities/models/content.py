"""Activities as content: the plan that participants and facilitators read, and that a live session walks through."""

from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from activities.constants import RESERVED_KEYS
from courses.models import Course, LearningObjective, Section, Topic
from courses.models.content import Archivable, BodyField, Compiled, KeyField, Positioned, Remembered


class Handout(Compiled, Positioned, Remembered):
    """A sheet that is handed out or opened during activities. Its `body` is what stands on it."""

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="handouts")
    key = KeyField()
    number = models.CharField(_("number"), max_length=10, help_text=_("As the manual numbers its annexes."))
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("source"), max_length=500, blank=True, help_text=_("One line of credit."))

    placed_in = ("course",)

    class Meta:
        verbose_name = _("handout")
        verbose_name_plural = _("handouts")
        ordering = ["course", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="handout_key_unique_in_course")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("handout", args=[self.course.key, self.key])

    @property
    def anchor_prefix(self) -> str:
        return f"handout-{self.key}--"


class Activity(Compiled, Positioned, Archivable, Remembered):
    """One activity of a course. Its `body` is what participants see before and while it is held."""

    class Stage(models.TextChoices):
        """Where in the course it is held."""

        OPENING = "opening", _("At the start of the course")
        TOPIC = "topic", _("In a topic")
        CLOSING = "closing", _("At the end of the course")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="activities")
    key = KeyField()
    number = models.CharField(_("number"), max_length=10, help_text=_("As the manual numbers it: “0a”, “1”."))
    title = models.CharField(_("title"), max_length=200)
    technique = models.CharField(_("technique"), max_length=200, help_text=_("The method in a few words."))
    summary = models.CharField(_("summary"), max_length=500, help_text=_("One sentence for lists."))
    stage = models.CharField(_("stage"), max_length=20, choices=Stage)
    topic = models.ForeignKey(
        Topic, on_delete=models.PROTECT, related_name="activities", null=True, blank=True, verbose_name=_("topic")
    )
    section = models.ForeignKey(
        Section,
        on_delete=models.PROTECT,
        related_name="activities",
        null=True,
        blank=True,
        verbose_name=_("after section"),
        help_text=_("The section of that topic after which it is held. Empty: at the end of the topic."),
    )
    place = models.CharField(
        _("when"), max_length=500, help_text=_("One sentence for the facilitator: when in the course it is held.")
    )
    size = models.CharField(_("for how many"), max_length=200, help_text=_("How many people or groups."))
    body = BodyField(_("text"), help_text=_("What participants read before and during the activity."))
    handouts = models.ManyToManyField(Handout, related_name="activities", blank=True, verbose_name=_("handouts"))
    before = BodyField(_("before"), help_text=_("What the facilitator prepares."))
    after = BodyField(_("after"), help_text=_("What the facilitator does afterwards."))
    tips = BodyField(_("tips"))
    materials = BodyField(_("materials"))

    placed_in = ("course",)

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["course", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["course", "key"], name="activity_key_unique_in_course"),
            models.CheckConstraint(
                condition=Q(stage="topic", topic__isnull=False)
                | Q(stage__in=["opening", "closing"], topic__isnull=True, section__isnull=True),
                name="activity_topic_as_its_stage_says",
                violation_error_message=_("A topic belongs to the stage “In a topic”, and only to that."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("activity", args=[self.course.key, self.key])

    def clean(self) -> None:
        """Refuse a key that other pages use, and a place in the course that is none."""
        if self.key in RESERVED_KEYS:
            raise ValidationError({"key": _("“%(key)s” is the address of another page.") % {"key": self.key}})
        faults = dict(stage_faults(self.stage, has_topic=bool(self.topic_id), has_section=bool(self.section_id)))
        if self.topic_id and self.topic.course_id != self.course_id:
            faults["topic"] = _now("This topic belongs to another course.")
        if self.section_id and self.section.topic_id != self.topic_id:
            faults["section"] = _now("This section belongs to another topic.")
        if faults:
            raise ValidationError(faults)

    @property
    def anchor_prefix(self) -> str:
        return f"activity-{self.key}--"


def stage_faults(stage: str, *, has_topic: bool, has_section: bool) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an activity's place in the course: the field, and the reason."""
    if stage == Activity.Stage.TOPIC and not has_topic:
        yield "topic", _now("An activity in a topic needs its topic.")
    elif stage in {Activity.Stage.OPENING, Activity.Stage.CLOSING} and has_topic:
        yield "topic", _now("An activity at the start or the end of the course has no topic.")
    if has_section and not has_topic:
        yield "section", _now("A section needs its topic.")


class PartOfActivity(Positioned, Remembered):
    """What belongs to one activity, by its key there."""

    key = KeyField()

    placed_in = ("activity",)

    class Meta:
        abstract = True

    @property
    def course(self) -> Course:
        return self.activity.course


class ActivityObjective(PartOfActivity):
    """What an activity is good for."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="objectives")
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("objective of an activity")
        verbose_name_plural = _("objectives of an activity")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "key"], name="objective_key_unique_in_activity")]

    def __str__(self) -> str:
        return self.text


class ActivityQuestion(Archivable, PartOfActivity):
    """A question that a group takes up. Questions with the same `heading` stand together."""

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="questions")
    text = models.TextField(_("text"))
    hint = models.TextField(_("hint"), blank=True)
    heading = models.CharField(
        _("heading"), max_length=200, blank=True, help_text=_("Questions with the same heading stand together.")
    )
    objective = models.ForeignKey(
        LearningObjective,
        on_delete=models.PROTECT,
        related_name="activity_questions",
        null=True,
        blank=True,
        verbose_name=_("learning objective"),
    )

    class Meta:
        verbose_name = _("question of an activity")
        verbose_name_plural = _("questions of an activity")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["activity", "key"], name="question_key_unique_in_activity")]

    def __str__(self) -> str:
        return self.text


class Phase(Compiled, Archivable, PartOfActivity):
    """A timed step. `instructions` is what participants see; the `body` is for the facilitator."""

    class Per(models.TextChoices):
        """For whom the minutes are, if not for everybody at once."""

        PERSON = "person", _("each person")
        GROUP = "group", _("each group")
        ROUND = "round", _("each round")

    class Work(models.TextChoices):
        """How people sit together."""

        PLENARY = "plenary", _("all together")
        GROUPS = "groups", _("in groups")
        PAIRS = "pairs", _("in pairs")
        ALONE = "alone", _("alone")

    class Tool(models.TextChoices):
        """What people do with their hands."""

        CARDS = "cards", _("Cards")
        MEETING_ROUNDS = "meeting-rounds", _("Rounds of meeting")
        DOT_VOTE = "dot-vote", _("Votes with dots")
        CASE_STUDY = "case-study", _("Case study")
        STICKY_NOTES = "sticky-notes", _("Sticky notes")
        BALANCE = "balance", _("Balance")
        INTERVENTION_TABLE = "intervention-table", _("Table of interventions")
        PUZZLE = "puzzle", _("Puzzle")
        GALLERY_WALK = "gallery-walk", _("Gallery walk")
        PINNED_EXAMPLES = "pinned-examples", _("Pinned examples")
        INTERVIEW = "interview", _("Interview")
        PRESENTATIONS = "presentations", _("Presentations")

    activity = models.ForeignKey(Activity, on_delete=models.CASCADE, related_name="phases")
    title = models.CharField(_("title"), max_length=200)
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    most = models.PositiveSmallIntegerField(
        _("at most"), null=True, blank=True, help_text=_("For “20 to 30 minutes”: 30.")
    )
    per = models.CharField(
        _("for"), max_length=20, choices=Per, blank=True, help_text=_("Empty: the minutes are for everybody at once.")
    )
    work = models.CharField(_("how people work"), max_length=20, choices=Work)
    tool = models.CharField(_("tool"), max_length=20, choices=Tool, blank=True)
    questions = models.ManyToManyField(
        ActivityQuestion,
        related_name="phases",
        blank=True,
        verbose_name=_("questions"),
        help_text=_("The questions of the activity that are taken up in this phase."),
    )
    options = models.TextField(
        _("options"),
        blank=True,
        help_text=_("What people choose from or sort into, one a line, as the sectors of a vote."),
    )
    instructions = BodyField(
        _("instructions"), blank=False, help_text=_("What participants see on their screens in this phase.")
    )
    body = BodyField(_("facilitator's steps"), blank=False)

    class Meta:
        verbose_name = _("phase")
        verbose_name_plural = _("phases")
        ordering = ["activity", "position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["activity", "key"], name="phase_key_unique_in_activity"),
            models.CheckConstraint(
                condition=Q(minutes__gte=1) & (Q(most__isnull=True) | Q(most__gt=F("minutes"))),
                name="phase_most_above_minutes",
                violation_error_message=_("“At most” is more than the minutes."),
            ),
            models.CheckConstraint(
                condition=Q(per__in=["", "person", "group", "round"])
                & Q(work__in=["plenary", "groups", "pairs", "alone"]),
                name="phase_per_and_work_known",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def anchor_prefix(self) -> str:
        return f"phase-{self.activity.key}--{self.key}--"


def option_lines(text: str) -> list[str]:
    """Return the options that stand in *text*, one a line."""
    return [line.strip() for line in text.splitlines() if line.strip()]
