"""The editor's side: every word of a course, in Django's admin.

Whatever is done here ends in `saving.ContentAdmin.finish`: the whole course is checked with the importer's rules and
published in the transaction of the change, so readers see all of a change or nothing, and a change that would break
something is not made. People's work is not here.
"""

from courses.admin import boxes, lookup, structure

__all__ = ["boxes", "lookup", "structure"]
