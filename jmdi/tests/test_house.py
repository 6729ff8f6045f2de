"""The house stands: imports run downward, templates hold no inline code."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
FLOORS = ["accounts", "courses", "cohorts", "activities"]


def imported(path: Path) -> set[str]:
    modules = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            modules |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            modules.add(node.module.split(".")[0])
    return modules


@pytest.mark.parametrize("floor", [floor for floor in FLOORS if (ROOT / floor).is_dir()])
def test_an_app_imports_only_from_the_floors_below(floor):
    above = set(FLOORS[FLOORS.index(floor) + 1 :]) | {"jmdi"}

    for path in (ROOT / floor).rglob("*.py"):
        if "tests" not in path.parts:
            assert not imported(path) & above, path


def test_templates_hold_no_inline_script_style_or_handler():
    inline = re.compile(
        r"<script(?![^>]*\b(src=|application/json))[^>]*>|\sstyle=[\"']|\son[a-z]+=[\"']|hx-on|<style", re.I
    )

    found = [
        f"{path.relative_to(ROOT)}: {match[0]}"
        for path in (ROOT / "templates").rglob("*.html")
        if (match := inline.search(path.read_text()))
    ]
    assert found == []
