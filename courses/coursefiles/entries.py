"""From front matter and YAML lists to items: which fields there are, and what they may hold."""

from django.core.exceptions import ValidationError
from django.db import models

from courses.coursefiles.files import Folder
from courses.coursefiles.problems import Problems
from courses.coursefiles.shapes import Item, Shape
from courses.coursefiles.yamltext import List, Mapping, Node, Text, YamlError, parse_yaml
from courses.markdown import tidy
from courses.markdown.rules import is_key
from courses.models.content import BodyField

_TRUE_OR_FALSE = {"true", "false"}
_KINDS = {Text: "text", List: "a list", Mapping: "a mapping"}


class Entries:
    """Reads entries of one folder; what is wrong goes to *problems*, and reading goes on."""

    def __init__(self, folder: Folder, problems: Problems) -> None:
        self.folder = folder
        self.problems = problems

    def markdown(self, path: str, shape: Shape, key: str) -> Item:
        """Return the item in a Markdown file."""
        item = Item(shape, key, path)
        matter = self.folder.front_matter(path)
        if matter is None:
            return item
        try:
            fields = parse_yaml(matter.yaml, line=2)
        except YamlError as error:
            self.problems.add(path, error.line, error.reason, gap=True)
        else:
            self._front(item, fields or Mapping({}, {}, 1))
        self._body(item, matter.body_line, matter.body)
        if not item.values["body"] and shape.is_required("body"):
            self.problems.add(path, matter.body_line, "there is no text below the fields.")
        return item

    def _front(self, item: Item, fields: Node) -> None:
        if isinstance(fields, Mapping):
            self._fill(item, fields)
        else:
            self.problems.add(item.path, fields.line, "the fields are written “name: text”, one under the other.")

    def yaml_list(self, path: str, shape: Shape) -> list[Item]:
        """Return the items of a file that is one list; none if there is no such file."""
        text = self.folder.text(path) if path in self.folder.files else None
        try:
            node = parse_yaml(text) if text else None
        except YamlError as error:
            self.problems.add(path, error.line, error.reason, gap=True)
            return []
        return self._items(path, node, shape) if node else []

    def _body(self, item: Item, line: int, text: str) -> None:
        """Put a body into *item*; *line* is that of its first line, blank or not."""
        item.body_line = line + len(text) - len(text.lstrip("\n"))
        item.values["body"] = tidy(text)

    # --- Fields

    def _items(self, path: str, node: Node, shape: Shape) -> list[Item]:
        """Return the entries of a list, each with a `key` of its own."""
        if not isinstance(node, List):
            self.problems.add(
                path, node.line, f"here belongs a list of {shape.name} entries, not {_KINDS[type(node)]}.", gap=True
            )
            return []
        items: dict[str, Item] = {}
        for position, entry in enumerate(node.items, start=1):
            if not isinstance(entry, Mapping):
                self.problems.add(path, entry.line, f"an entry has fields: key, {', '.join(shape.names())}.")
                continue
            key = self._key(path, entry)
            if key in items:
                self.problems.add(path, entry.lines["key"], f"the key “{key}” is taken on line {items[key].line}.")
            elif key:
                item = items[key] = Item(shape, key, path, entry.line, position)
                self._fill(item, entry)
        return list(items.values())

    def _key(self, path: str, entry: Mapping) -> str:
        key = entry.items.pop("key", None)
        if key is None:
            self.problems.add(path, entry.line, "the field “key” is missing.", gap=True)
            return ""
        if not isinstance(key, Text) or not is_key(key.value):
            self.problems.add(
                path, key.line, "a key is lower-case letters, digits and single hyphens, at most 60.", gap=True
            )
            return ""
        return key.value

    def _fill(self, item: Item, fields: Mapping) -> None:
        """Put what *fields* say into *item*; refuse unknown and missing ones."""
        shape, known = item.shape, item.shape.names()
        for name, node in fields.items.items():
            item.lines[name] = fields.lines[name]
            if name not in known:
                self.problems.add(
                    item.path, fields.lines[name], f"there is no field “{name}” here; there are: {', '.join(known)}."
                )
            elif name in shape.lists:
                item.children[name] = self._items(item.path, node, shape.lists[name]) if not _is_empty(node) else []
            elif name in shape.links():
                item.keys[name] = self._keys(item, name, node)
            else:
                self._text(item, name, node)
        for name in known:
            if shape.is_required(name) and name not in fields.items:
                self.problems.add(item.path, fields.line, f"the field “{name}” is missing.")
        for name, field in shape.own().items():
            if field.is_relation:
                item.keys.setdefault(name, [])
            else:
                item.values.setdefault(name, _nothing(field))

    def _text(self, item: Item, name: str, node: Node) -> None:
        if not isinstance(node, Text):
            self.problems.add(item.path, node.line, f"“{name}” is text, not {_KINDS[type(node)]}.")
            return
        if name == item.shape.body:
            self._body(item, node.first, node.value)
            if not node.value.strip():
                self.problems.add(item.path, node.line, f"“{name}” is empty.")
            return
        field = item.shape.model._meta.get_field(name)
        item.values[name] = value = node.value.strip()
        if isinstance(field, BodyField):
            # Its mistakes are reported with those of all texts, by their line.
            item.values[name] = value = tidy(node.value)
            item.lines[name] = node.first + len(node.value) - len(node.value.lstrip("\n"))
            wrong = ["it is empty."] if not value and not field.blank else []
        elif isinstance(field, models.IntegerField):
            item.values[name], wrong = _whole_number(field, value)
        elif isinstance(field, models.BooleanField):
            item.values[name], wrong = value == "true", [] if value in _TRUE_OR_FALSE else ["it is true or false."]
        else:
            wrong = _wrong_with(field, value)
        for reason in wrong:
            self.problems.add(item.path, node.line, f"“{name}”: {reason}")

    def _keys(self, item: Item, name: str, node: Node) -> list[str]:
        """Return the keys in a list or, where a field names one thing, the one key."""
        if _is_empty(node):
            return []
        field = item.shape.links()[name]
        if field.many_to_many:
            if isinstance(node, List) and all(isinstance(one, Text) for one in node.items):
                return list(dict.fromkeys(one.value for one in node.items))
            self.problems.add(
                item.path, node.line, f"“{name}” is a list of {field.related_model._meta.verbose_name} keys."
            )
        elif isinstance(node, Text):
            return [node.value.strip()]
        else:
            self.problems.add(item.path, node.line, f"“{name}” is one key, not {_KINDS[type(node)]}.")
        return []


def _is_empty(node: Node) -> bool:
    return isinstance(node, Text) and node.value in {"", "~", "null"}


def _nothing(field: models.Field) -> str | bool | None:
    """Return what *field* holds when a file says nothing of it."""
    if isinstance(field, models.BooleanField):
        return False
    return None if field.null else ""


def _whole_number(field: models.IntegerField, value: str) -> tuple[int | None, list[str]]:
    """Return *value* as a number, and why it cannot be stored in *field*."""
    if not value and field.null:
        return None, []
    if not value.isdecimal() or not value.isascii():
        return None, ["it is a whole number."]
    try:
        return field.clean(int(value), None), []
    except ValidationError as error:
        return None, [str(message) for message in error.messages]


def _wrong_with(field: models.Field, value: str) -> list[str]:
    """Return why *value* cannot be stored in *field*: length, choices, form of an address."""
    if not value:
        return [] if field.blank else ["it is empty."]
    if isinstance(field, models.CharField) and "\n" in value:
        return ["it must be one line."]
    known = [choice for choice, _label in field.flatchoices]
    if known and value not in known:
        return [f"“{value}” is not known; there are: {', '.join(known)}."]
    try:
        field.clean(value, None)
    except ValidationError as error:
        return [str(message) for message in error.messages]
    return []
