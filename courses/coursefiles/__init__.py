"""A course as a folder of files, as docs/content-format.md describes: read, checked, loaded, written."""

from courses.coursefiles.load import load_course
from courses.coursefiles.problems import CourseFilesError
from courses.coursefiles.read import read_course
from courses.coursefiles.write import write_course

__all__ = ["CourseFilesError", "load_course", "read_course", "write_course"]
