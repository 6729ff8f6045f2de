"""Markdown with our directives, compiled to segments of clean HTML; the language: docs/content-format.md."""

from courses.markdown.body import Body, Mark, compile_body, plain_text, read_body, tidy
from courses.markdown.clean import beneath, words_of
from courses.markdown.errors import MarkdownError

__all__ = ["Body", "Mark", "MarkdownError", "beneath", "compile_body", "plain_text", "read_body", "tidy", "words_of"]
