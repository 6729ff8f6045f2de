"""Somebody who reads and somebody who writes, as raw requests; and the course they do it in."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from accounts.models import User
from courses import services
from courses.models import Course
from courses.published import PublishedCourse, PublishedSection, read

ROOT = Path(__file__).resolve().parent.parent
WORDS = 1500
CSRF = SITTING = "a" * 32


@dataclass
class Person:
    """One signed-in person with a session; `version` is that of the answer they keep saving."""

    email: str
    session: str
    answer_path: str
    version: int = field(default=0)

    def get(self, path: str) -> bytes:
        """Return the request for a page."""
        return f"GET {path} HTTP/1.1\r\n{self._headers()}\r\n".encode()

    def save(self) -> bytes:
        """Return the request that saves one more word, as a page does while somebody types: each of them writes."""
        self.version += 1
        return self.send("word " * (100 + self.version))

    def send(self, text: str) -> bytes:
        """Return the request that saves *text* as this person's save number `version`; sent twice it is one save."""
        fields = {"csrfmiddlewaretoken": CSRF, "version": self.version - 1, "turn": self.version, "sitting": SITTING}
        body = urlencode({**fields, "text": text})
        form = f"Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(body)}\r\nHX-Request: true\r\n"
        return f"POST {self.answer_path} HTTP/1.1\r\n{self._headers()}{form}\r\n{body}".encode()

    def _headers(self) -> str:
        return f"Host: 127.0.0.1\r\nAccept-Encoding: br\r\nCookie: sessionid={self.session}; csrftoken={CSRF}\r\n"


def core_module() -> PublishedCourse:
    """Import the Core Module and return it."""
    call_command("import_course", str(ROOT / "fixtures" / "core-module"), verbosity=0)
    return read(Course.objects.get(key="core-module"))


def typical_section(course: PublishedCourse) -> PublishedSection:
    """Return the section whose length is nearest to 1,500 words."""
    return min(course.sections, key=lambda section: abs(section.words - WORDS))


def make_person(number: int, course: PublishedCourse) -> Person:
    """Let one more person take part, with nothing written yet."""
    email = f"bench{number}@example.org"
    User.objects.filter(email=email).delete()
    user = User.objects.create_user(email, name=f"Bench {number}")
    services.enrol(user=user, course=Course.objects.get(pk=course.id))
    client = Client()
    client.force_login(user, "allauth.account.auth_backends.AuthenticationBackend")
    topic = course.topics[0]
    prompt = next(iter(topic.prompts.values()))
    path = reverse("answer_save", args=[course.key, topic.key, prompt["key"], prompt["questions"][0]["key"]])
    return Person(email, client.cookies["sessionid"].value, path)
