"""Bars, drawn on the server in the language of the course's figures (docs/content-format.md)."""

from dataclasses import dataclass, field

# In units of the drawing, which is 340 wide as every figure is: about a pixel each on a phone.
_WIDTH = 340
_VALUE_WIDTH = 62
_BAR = 14
_LABEL_LETTERS = 44


@dataclass
class Bar:
    """One bar: its value, and what is written at its end. `alt` tells a second family apart."""

    value: float
    shown: str
    alt: bool = False
    x: int = 0
    y: int = 0
    width: int = 0

    @property
    def text_x(self) -> int:
        return self.x + self.width + 6

    @property
    def text_y(self) -> int:
        return self.y + _BAR - 2


@dataclass
class BarGroup:
    """One or more bars under one label."""

    label: str
    bars: list[Bar]
    y: int = 0

    @property
    def short_label(self) -> str:
        """The label as far as it has room; the table beside the chart has all of it."""
        return self.label if len(self.label) <= _LABEL_LETTERS else self.label[: _LABEL_LETTERS - 1].rstrip() + "…"


@dataclass
class Chart:
    """A bar chart with every place worked out. `full` is the value of a bar of full length.

    `legend` names the two families, if there are two, as they stand under each label.
    """

    title: str
    groups: list[BarGroup]
    full: float
    legend: list[Bar] = field(default_factory=list)
    height: int = 0

    def __post_init__(self) -> None:
        for place, named in enumerate(self.legend):
            named.x, named.y, named.width = place * _WIDTH // 2, 2, _BAR
        y = 24 if self.legend else 0
        for group in self.groups:
            group.y = y + 15
            y += 21
            for bar in group.bars:
                bar.y, bar.width = y, round((_WIDTH - _VALUE_WIDTH) * bar.value / self.full) if self.full else 0
                y += _BAR + 4
            y += 8
        self.height = y
