"""The parts of a figure that is put together again, and what each group has made of them."""

import uuid
from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from activities.models.live import Group, SessionPhase
from activities.models.paper import PaperEntry

PART_MAX = 120
ADDITION_MAX = 200


class PuzzlePart(models.Model):
    """A part of the figure: both a place in its frame and the piece that lies there in the original.

    As a place it has the number `place` and cells of a grid; as a piece it has the number `piece`, which tells nothing
    of its place, and its words. An `arrow` says where a link points; without one the part is a box.
    """

    class Arrow(models.TextChoices):
        """Where a link points, on a page that is read from left to right."""

        UP = "up", "↑"
        DOWN = "down", "↓"
        LEFT = "left", "←"
        RIGHT = "right", "→"
        UP_DOWN = "up-down", "↕"
        LEFT_RIGHT = "left-right", "↔"

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="puzzle_parts")
    place = models.PositiveSmallIntegerField()
    piece = models.PositiveSmallIntegerField()
    left = models.PositiveSmallIntegerField()
    top = models.PositiveSmallIntegerField()
    width = models.PositiveSmallIntegerField()
    height = models.PositiveSmallIntegerField()
    arrow = models.CharField(max_length=10, choices=Arrow, blank=True)
    text = models.CharField(max_length=PART_MAX)

    # What lies there, by group and entry from paper; filled where parts are fetched for figures.
    lying: Sequence[dict[str, int | None]] = ()

    class Meta:
        ordering = ["place"]
        constraints = [
            models.UniqueConstraint(fields=["run", "place"], name="one_part_per_place"),
            models.UniqueConstraint(fields=["run", "piece"], name="one_part_per_piece"),
        ]

    def __str__(self) -> str:
        return self.text


class Placing(models.Model):
    """That a piece lies in a place of a group's figure, or without *group* of the figure of all.

    Without *paper* it is the figure on their phones; each entry from paper is a figure of its own. In each of them a
    piece lies in one place only, and a place holds one piece.
    """

    # A group may not go while it has a figure; with its session all goes.
    group = models.ForeignKey(Group, on_delete=models.RESTRICT, related_name="placings", null=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="placings", null=True)
    piece = models.ForeignKey(PuzzlePart, on_delete=models.CASCADE, related_name="lies")
    place = models.ForeignKey(PuzzlePart, on_delete=models.CASCADE, related_name="holds")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "paper", "piece"], nulls_distinct=False, name="a_piece_lies_in_one_place"
            ),
            models.UniqueConstraint(
                fields=["group", "paper", "place"], nulls_distinct=False, name="a_place_holds_one_piece"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} · {self.piece_id} · {self.place_id}"


class Missing(models.Model):
    """What a group finds missing in the figure, in its own words: nobody's of it, so they stay when somebody goes."""

    run = models.ForeignKey(SessionPhase, on_delete=models.CASCADE, related_name="missing")
    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    group = models.ForeignKey(Group, on_delete=models.RESTRICT, related_name="missing", null=True)
    paper = models.ForeignKey(PaperEntry, on_delete=models.CASCADE, related_name="missing", null=True)
    text = models.CharField(_("what is missing"), max_length=ADDITION_MAX)
    is_hidden = models.BooleanField(default=False)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="what_is_missing_has_words")]

    def __str__(self) -> str:
        return str(self.public_id)
