"""Course content: what editors write and readers see.

Rows are found by their `key`, stable for ever and unique in their parent. Readers are not served from these rows but
from what `courses.services.publish` makes of them, see `courses/published.py`.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from courses.constants import KEY_MAX_LENGTH, KEY_PATTERN, RESERVED_SECTION_KEYS, RESERVED_TOPIC_KEYS
from courses.markdown import MarkdownError, compile_body, tidy
from courses.querysets import ArchivableQuerySet, CourseQuerySet
from courses.svg import SvgError, clean_svg


class KeyField(models.CharField):
    """The stable name of a content row: part of addresses, of the course's files, and of people's work."""

    default_validators = [
        RegexValidator(KEY_PATTERN, _("Use lower-case letters, digits and single hyphens.")),
    ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", KEY_MAX_LENGTH)
        kwargs.setdefault("verbose_name", _("key"))
        kwargs.setdefault("help_text", _("Stays for ever: people's answers and links hang on it."))
        super().__init__(*args, **kwargs)


class BodyField(models.TextField):
    """Markdown with our directives; a mistake is reported with its line."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("blank", True)
        super().__init__(*args, **kwargs)

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        """Return the text, or raise ValidationError that names the line that does not compile."""
        value = tidy(super().clean(value, model_instance))
        try:
            compile_body(value)
        except MarkdownError as error:
            raise ValidationError(
                _("Line %(line)s: %(reason)s"), params={"line": error.line, "reason": error.reason}
            ) from error
        return value


class ContentHistory(HistoricalRecords):
    """History that may leave out fields which only some of the models that inherit it have."""

    def create_history_model(self, model: type[models.Model], inherited: bool) -> type[models.Model]:
        """Return the table of earlier states; looking back asks only for fields that are there."""
        history_model = super().create_history_model(model, inherited)
        names = {field.name for field in model._meta.fields}
        history_model._history_excluded_fields = [name for name in self.excluded_fields if name in names]
        return history_model


class Remembered(models.Model):
    """A row whose earlier states are kept: an editor can look back and undo (in the admin, *History*)."""

    history = ContentHistory(inherit=True, excluded_fields=["compiled", "published", "version"])

    class Meta:
        abstract = True


class Positioned(models.Model):
    """A row whose editors choose its place, among those that are equal in the fields `placed_in`."""

    placed_in: tuple[str, ...] = ("topic",)

    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        abstract = True


class Compiled(models.Model):
    """A row with a `body`, compiled beside its source whenever it is saved."""

    body = BodyField(_("text"))
    compiled = models.JSONField(editable=False, default=dict)

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Compile the body, then save. Raises MarkdownError when it does not compile."""
        self.compiled = compile_body(self.body, prefix=self.anchor_prefix)
        if kwargs.get("update_fields") is not None and "body" in kwargs["update_fields"]:
            kwargs["update_fields"] = {*kwargs["update_fields"], "compiled"}
        super().save(*args, **kwargs)

    @property
    def anchor_prefix(self) -> str:
        """What stands in the ids of this body's headings and footnotes, where it shares a page with others.

        No key and no slug has two hyphens in a row, so two bodies never make the same id.
        """
        return ""


class Archivable(models.Model):
    """A row that people's work may hang on: taken out of the course, it stays in the database."""

    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects = ArchivableQuerySet.as_manager()

    class Meta:
        abstract = True


class Course(Compiled, Remembered):
    """One module, such as the Core Module. Its `body` is its introduction."""

    key = KeyField(unique=True)
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=60)
    language = models.CharField(_("language"), max_length=10, default="en")
    summary = models.CharField(_("summary"), max_length=500, blank=True)
    source = models.CharField(_("source"), max_length=500, blank=True, help_text=_("One line of credit."))
    credits = BodyField(_("credits"))
    is_published = models.BooleanField(_("published"), default=True)
    published = models.JSONField(
        editable=False, default=dict, help_text="What readers see: made by courses.services.publish."
    )
    version = models.PositiveIntegerField(_("version"), default=0, editable=False)

    objects = CourseQuerySet.as_manager()

    class Meta:
        verbose_name = _("course")
        verbose_name_plural = _("courses")
        ordering = ["title"]

    def __str__(self) -> str:
        return self.short_title or self.title

    def get_absolute_url(self) -> str:
        return reverse("course", args=[self.key])


class RelatedModule(Positioned, Remembered):
    """Another module of the same toolbox, that cross-references point to."""

    placed_in = ("course",)

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="related_modules")
    key = KeyField()
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("related module")
        verbose_name_plural = _("related modules")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="related_module_key_unique_in_course")]

    def __str__(self) -> str:
        return self.title


class Topic(Compiled, Positioned, Archivable, Remembered):
    """A part of the course with its own objectives. Its `body` is its introduction."""

    placed_in = ("course",)

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="topics")
    key = KeyField()
    title = models.CharField(_("title"), max_length=200)
    short_title = models.CharField(_("short title"), max_length=60)
    source = models.CharField(_("source"), max_length=500, blank=True, help_text=_("One line of credit."))

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="topic_key_unique_in_course")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("topic", args=[self.course.key, self.key])

    def clean(self) -> None:
        """Refuse a key that the site's own pages use."""
        if self.key in RESERVED_TOPIC_KEYS:
            raise ValidationError({"key": _("“%(key)s” is the address of another page.") % {"key": self.key}})


class Section(Compiled, Positioned, Archivable, Remembered):
    """One page of reading."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="sections")
    key = KeyField()
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["topic", "position", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="section_key_unique_in_topic")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.topic.course.key, self.topic.key, self.key])

    def clean(self) -> None:
        """Refuse a key that the site's own pages use."""
        if self.key in RESERVED_SECTION_KEYS:
            raise ValidationError({"key": _("“%(key)s” is the address of another page.") % {"key": self.key}})


class LearningObjective(Positioned, Archivable, Remembered):
    """What a learner can do afterwards: of a topic, or (without topic) of the whole course."""

    placed_in = ("course", "topic")

    course = models.ForeignKey(Course, on_delete=models.PROTECT, related_name="objectives")
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="objectives", null=True, blank=True)
    key = KeyField()
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("learning objective")
        verbose_name_plural = _("learning objectives")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="objective_key_unique_in_course")]

    def __str__(self) -> str:
        return self.text


class KeyPoint(Positioned, Remembered):
    """A key learning point: what to remember of a topic."""

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="key_points")
    key = KeyField()
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("key point")
        verbose_name_plural = _("key points")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="key_point_key_unique_in_topic")]

    def __str__(self) -> str:
        return self.text


class ReflectionPrompt(Compiled, Archivable, Remembered):
    """A point for reflection: a context to think about (its `body`), and one or more questions."""

    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="prompts")
    key = KeyField()
    title = models.CharField(_("title"), max_length=200)
    for_next_steps = models.BooleanField(
        _("people plan here what they will do"),
        default=False,
        blank=True,
        help_text=_("What their groups have worked out in activities is then offered beside it, folded."),
    )

    class Meta:
        verbose_name = _("point for reflection")
        verbose_name_plural = _("points for reflection")
        ordering = ["topic", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="prompt_key_unique_in_topic")]

    def __str__(self) -> str:
        return self.title

    @property
    def anchor_prefix(self) -> str:
        return f"prompt-{self.key}--"


class Question(Positioned, Archivable, Remembered):
    """One question of a prompt. `revision` counts its wordings; an answer keeps the one that was seen."""

    placed_in = ("prompt",)

    prompt = models.ForeignKey(ReflectionPrompt, on_delete=models.PROTECT, related_name="questions")
    key = KeyField()
    text = models.TextField(_("text"))
    hint = models.TextField(_("hint"), blank=True)
    revision = models.PositiveIntegerField(_("revision"), default=1, editable=False)

    class Meta:
        verbose_name = _("question")
        verbose_name_plural = _("questions")
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["prompt", "key"], name="question_key_unique_in_prompt")]

    def __str__(self) -> str:
        return self.text


class CaseStudy(Compiled, Remembered):
    """A boxed example of practice, or a boxed resource."""

    class Kind(models.TextChoices):
        """What the box holds."""

        CASE = "case", _("Example of practice")
        RESOURCE = "resource", _("Resource")

    topic = models.ForeignKey(Topic, on_delete=models.CASCADE, related_name="case_studies")
    key = KeyField()
    title = models.CharField(_("title"), max_length=200)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.CASE)
    place = models.CharField(_("place"), max_length=200, blank=True)
    period = models.CharField(_("period"), max_length=100, blank=True)
    partners = models.CharField(_("partners"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("case study")
        verbose_name_plural = _("case studies")
        ordering = ["topic", "pk"]
        constraints = [models.UniqueConstraint(fields=["topic", "key"], name="case_study_key_unique_in_topic")]

    def __str__(self) -> str:
        return self.title

    @property
    def anchor_prefix(self) -> str:
        return f"case-{self.key}--"


class Figure(Compiled, Remembered):
    """A drawing with its text alternative (its `body`)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="figures")
    key = KeyField()
    title = models.CharField(_("title"), max_length=200)
    caption = models.TextField(_("caption"), blank=True)
    svg = models.TextField(_("drawing"), help_text=_("SVG, as docs/content-format.md describes."))

    class Meta:
        verbose_name = _("figure")
        verbose_name_plural = _("figures")
        ordering = ["key"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="figure_key_unique_in_course")]

    def __str__(self) -> str:
        return self.title

    @property
    def anchor_prefix(self) -> str:
        return f"figure-{self.key}--"

    def clean(self) -> None:
        """Refuse a drawing with anything but shapes and text in it."""
        try:
            self.svg = clean_svg(self.svg, prefix=self.key)
        except SvgError as error:
            raise ValidationError({"svg": str(error)}) from error


class GlossaryTerm(Compiled, Remembered):
    """A term and its definition (its `body`)."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="terms")
    topics = models.ManyToManyField(Topic, related_name="terms", blank=True, verbose_name=_("topics"))
    key = KeyField()
    term = models.CharField(_("term"), max_length=200)

    class Meta:
        verbose_name = _("glossary term")
        verbose_name_plural = _("glossary")
        ordering = ["term"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="term_key_unique_in_course")]

    def __str__(self) -> str:
        return self.term

    @property
    def anchor_prefix(self) -> str:
        return f"term-{self.key}--"


class Reference(Remembered):
    """A work of the bibliography."""

    course = models.ForeignKey(Course, on_delete=models.CASCADE, related_name="references")
    topics = models.ManyToManyField(Topic, related_name="references", blank=True, verbose_name=_("topics"))
    key = KeyField()
    authors = models.CharField(_("authors"), max_length=300)
    year = models.CharField(_("year"), max_length=20, blank=True)
    title = models.TextField(_("title"))
    publisher = models.CharField(_("publisher"), max_length=300, blank=True)
    url = models.URLField(_("address"), blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("reference")
        verbose_name_plural = _("references")
        ordering = ["authors", "year", "pk"]
        constraints = [models.UniqueConstraint(fields=["course", "key"], name="reference_key_unique_in_course")]

    def __str__(self) -> str:
        return f"{self.authors} ({self.year})"
