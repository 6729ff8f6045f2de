"""The demo's door: open while the demo is on, and no way in afterwards."""

import subprocess
import sys

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import clear_url_caches, include, path

from accounts.models import User
from accounts.tests.doors import PASSWORD, code_mailed_to, link_mailed_to, sign_in
from conftest import make_user
from jmdi import demo, urls

AMINA = demo.ROLES["participant"]


class UrlsWithTheDoor:
    """The site's URLs as they are while DEMO is set."""

    urlpatterns = [*urls.urlpatterns, path("demo/", include("jmdi.demo_urls"))]
    handler404 = urls.handler404


@pytest.fixture
def open_demo(db, settings):
    """The demo is on, with its people in it."""
    demo.make_people()
    settings.DEMO = True
    settings.ROOT_URLCONF = UrlsWithTheDoor
    settings.AUTHENTICATION_BACKENDS = [*site.AUTHENTICATION_BACKENDS, "jmdi.demo.DemoBackend"]
    clear_url_caches()
    return settings


def is_in(client):
    return client.get("/my/answers/").status_code == 200


@pytest.mark.parametrize(("role", "may_edit"), [("participant", False), ("admin", True)])
def test_one_enters_as_one_of_the_demos_people(open_demo, client, role, may_edit):
    client.get("/accounts/login/")
    response = client.post("/demo/enter/", {"as": role})

    assert response.url == "/"
    assert is_in(client)
    assert (client.get("/admin/").status_code == 200) is may_edit
    assert client.get("/accounts/sessions/").text.count("This one") == 1


def test_nobody_else_is_to_be_entered(open_demo, client, ben):
    for role in ("", "stranger", ben.email, AMINA):
        assert client.post("/demo/enter/", {"as": role}).status_code == 404
    assert client.get("/demo/enter/").status_code == 405
    assert not is_in(client)


def test_entering_leaves_nothing_of_who_was_in_before(open_demo, ben):
    client = Client()
    sign_in(client, ben.email)
    before = client.cookies["sessionid"].value

    client.post("/demo/enter/", {"as": "participant"})

    assert client.cookies["sessionid"].value != before
    old = Client()
    old.cookies["sessionid"] = before
    assert not is_in(old)


def test_when_the_demo_is_switched_off_its_sessions_are_nobodys(open_demo, client):
    client.post("/demo/enter/", {"as": "admin"})
    assert client.get("/admin/").status_code == 200

    open_demo.DEMO = False
    open_demo.ROOT_URLCONF = "jmdi.urls"
    open_demo.AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
    clear_url_caches()

    assert client.get("/admin/").status_code == 302
    assert not is_in(client)
    assert Client().post("/demo/enter/", {"as": "admin"}).status_code == 404


def test_the_demos_people_come_in_by_no_other_door(db, client):
    demo.make_people()
    amina = User.objects.get(email=AMINA)
    amina.set_password(PASSWORD)
    amina.save()

    assert sign_in(client, AMINA).url == "/accounts/inactive/"
    assert not is_in(client)

    client.post("/accounts/login/code/", {"email": AMINA})
    client.post("/accounts/login/code/confirm/", {"code": code_mailed_to(AMINA)})
    assert not is_in(client)

    client.post("/accounts/password/reset/", {"email": AMINA})
    page = client.get(link_mailed_to(AMINA), follow=True)
    client.post(page.request["PATH_INFO"], {"password1": "a brand new one", "password2": "a brand new one"})
    assert not is_in(client)
    assert sign_in(client, AMINA, "a brand new one").url == "/accounts/inactive/"


def test_people_with_a_similar_address_are_not_the_demos(db, client):
    someone = make_user("amina@notdemo.example")

    assert sign_in(client, someone.email).url == "/"


def test_making_the_people_again_changes_nothing(db):
    demo.make_people()
    User.objects.filter(email=AMINA).update(name="Renamed")

    demo.make_people()

    assert User.objects.count() == sum(len(group) for group in demo.people().values())
    assert User.objects.get(email=AMINA).name == "Renamed"


@pytest.mark.parametrize(("switch", "is_open"), [("1", True), ("0", False)])
def test_the_door_hangs_on_its_switch_alone(tmp_path, switch, is_open):
    code = (
        "import django; django.setup()\n"
        "from django.conf import settings\n"
        "from django.urls import NoReverseMatch, reverse\n"
        "try: print(reverse('demo_enter'), 'jmdi.demo.DemoBackend' in settings.AUTHENTICATION_BACKENDS)\n"
        "except NoReverseMatch: print('none', 'jmdi.demo.DemoBackend' in settings.AUTHENTICATION_BACKENDS)\n"
    )
    environment = {"DJANGO_SETTINGS_MODULE": "jmdi.settings", "DEMO": switch, "DEBUG": "1", "SECRET_KEY": "x" * 60}
    environment |= {"DATA_DIR": str(tmp_path), "DATABASE_URL": "postgres://nowhere/none"}

    said = subprocess.run(
        [sys.executable, "-c", code], cwd=site.BASE_DIR, env=environment, capture_output=True, text=True, timeout=60
    )

    assert said.stdout.split() == (["/demo/enter/", "True"] if is_open else ["none", "False"]), said.stderr
