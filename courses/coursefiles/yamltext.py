"""The part of YAML that course files use: mappings, lists and text, each with its line.

All else that YAML can do (aliases, tags, numbers that change when they are read) is refused or read as plain text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from courses.constants import CONTROL

MAX_DEPTH = 6
# Longer text is folded: it begins on a line of its own, and git shows which line of it has changed.
WIDTH = 104
_LONG = 80


class YamlError(ValueError):
    """YAML that is not accepted: its *line*, counted from 1, and the *reason*."""

    def __init__(self, line: int, reason: str) -> None:
        super().__init__(f"line {line}: {reason}")
        self.line = line
        self.reason = reason


@dataclass
class Text:
    """A scalar as it was written: `year: 2015` is the text “2015”, `title: No` the text “No”.

    *first* is the line where its words begin: for a block (`|`) the one below.
    """

    value: str
    line: int
    first: int


@dataclass
class List:
    """A list of nodes."""

    items: list["Node"]
    line: int


@dataclass
class Mapping:
    """Nodes by their names; *lines* are those of the names."""

    items: dict[str, "Node"]
    lines: dict[str, int]
    line: int


Node = Text | List | Mapping


def parse_yaml(text: str, *, line: int = 1) -> Node | None:
    """Return the one document in *text*, whose first line is number *line*; None for an empty one. Raises YamlError."""
    try:
        events = _events(text, line - 1)
        root = _node(next(events), events, line - 1, 0) if (first := _peek(text)) else None
        if first:
            next(events, None)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        found = line + mark.line if mark else line
        raise YamlError(found, f"this is not YAML: {error.problem or error.context}.") from error
    except yaml.reader.ReaderError as error:
        found = line + text.count("\n", 0, error.position)
        raise YamlError(found, "there is a control character here.") from error
    return root


def _peek(text: str) -> bool:
    """Return whether there is anything but blank lines and comments."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in text.splitlines())


def _events(text: str, offset: int) -> Iterator[yaml.Event]:
    documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = offset + event.start_mark.line + 1
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents > 1:
                raise YamlError(line, "there is more than one document (“---”) here.")
        elif isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise YamlError(line, "anchors and aliases (“&”, “*”) are not allowed; put such text in quotes.")
        elif getattr(event, "tag", None):
            raise YamlError(line, "tags (“!”) are not allowed; put such text in quotes.")
        elif isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent):
            yield event


def _node(event: yaml.Event, events: Iterator[yaml.Event], offset: int, depth: int) -> Node:
    line = offset + event.start_mark.line + 1
    if depth > MAX_DEPTH:
        raise YamlError(line, f"lists and mappings are nested more than {MAX_DEPTH} deep.")
    if isinstance(event, yaml.SequenceStartEvent):
        items = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(_node(event, events, offset, depth + 1))
        return List(items, line)
    if isinstance(event, yaml.MappingStartEvent):
        return _mapping(events, offset, depth, line)
    if CONTROL.search(event.value):
        raise YamlError(line, "there is a control character here, written with “\\”.")
    return Text(event.value, line, line + (event.style in {"|", ">"}))


def _mapping(events: Iterator[yaml.Event], offset: int, depth: int, line: int) -> Mapping:
    mapping = Mapping({}, {}, line)
    while not isinstance(event := next(events), yaml.MappingEndEvent):
        name = _node(event, events, offset, depth + 1)
        if not isinstance(name, Text):
            raise YamlError(name.line, "a field's name is one word.")
        if name.value in mapping.items:
            raise YamlError(name.line, f"“{name.value}” is given twice.")
        mapping.lines[name.value] = name.line
        mapping.items[name.value] = _node(next(events), events, offset, depth + 1)
    return mapping


# --- Writing ------------------------------------------------------------------------------------------------


class Block(str):
    """Markdown: always written as a block (`|`), so that its lines stand as they were written."""


class _Dumper(yaml.SafeDumper):
    """Block style, lists indented under their name, text as plain as it can be."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> Any:
        return super().increase_indent(flow, False)

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.Node:
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    if len(text) > _LONG:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=">")
    if re.fullmatch(r"[1-9][0-9]{3}", text):
        # A year: our reader takes it as text in any case.
        return dumper.represent_scalar("tag:yaml.org,2002:int", text)
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


def _represent_block(dumper: _Dumper, text: Block) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", f"{text}\n", style="|")


def _represent_list(dumper: _Dumper, values: list[Any]) -> yaml.Node:
    """Return a list of keys on one line, any other one under the other."""
    return dumper.represent_sequence("tag:yaml.org,2002:seq", values, flow_style=isinstance(values[0], str))


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Block, _represent_block)
_Dumper.add_representer(list, _represent_list)


def write_yaml(value: Any) -> str:
    """Return *value* (dicts, lists and texts) in the one way in which we write YAML."""
    return yaml.dump(
        value,
        Dumper=_Dumper,
        allow_unicode=True,
        default_flow_style=False,
        sort_keys=False,
        width=WIDTH,
    )
