"""What holds for the whole site: headers, health, errors, and settings that refuse to guess."""

import os
import secrets
import subprocess
import sys

import pytest
from django.conf import settings
from django.urls import reverse

PAGES = ["/", "/courses/core/", "/courses/core/challenges/section-1/", "/my/answers/", "/accounts/profile/", "/admin/"]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_carries_a_strict_policy(small, as_dag, page):
    response = as_dag.get(page)

    policy = response["Content-Security-Policy"]
    assert response.status_code == 200
    for directive in ("default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"):
        assert directive in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]


def test_health_is_answered_to_machines(db, client):
    assert client.get("/healthz").text == "ok\n"
    assert client.get("/readyz").text == "ready\n"


def test_a_database_without_its_migrations_is_not_ready(db, client, settings):
    # The tests' own tables are made without migrations: to the site, none has been done.
    settings.MIGRATION_MODULES = {}

    assert client.get("/readyz").status_code == 503


def test_a_wrong_host_name_is_refused_and_not_repeated(client, db):
    response = client.get("/accounts/login/", headers={"host": "evil.example"})

    assert response.status_code == 400
    assert "evil" not in response.text


# Which pages the admin has is not for those who may not enter it.
@pytest.mark.parametrize(("page", "status"), [("/nothing/", 404), ("/courses/nothing/", 404), ("/admin/nothing/", 403)])
def test_a_page_that_is_not_there_says_so_and_leads_back(small, as_ben, page, status):
    response = as_ben.get(page, follow=True)

    assert response.status_code == status
    assert '<a class="btn btn-primary" href="/">' in response.text


def test_a_failure_shows_nothing_of_the_inside(small, as_ben, monkeypatch):
    def fail(*args):
        raise RuntimeError("secret detail")

    monkeypatch.setattr("courses.views.reading.Reader", fail)
    as_ben.raise_request_exception = False

    response = as_ben.get("/courses/core/")

    assert response.status_code == 500
    assert "secret" not in response.text
    assert "Traceback" not in response.text


def test_visitors_see_what_this_is_and_how_to_get_in(small, client):
    text = client.get("/").text

    assert "Migration and local development" in text
    assert f'href="{reverse("account_login")}"' in text
    assert f'href="{reverse("account_signup")}"' in text


def run_manage(*arguments, **environment):
    command = [sys.executable, "manage.py", *arguments]
    clean = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=clean | environment, capture_output=True, text=True, timeout=60
    )


def test_without_debug_the_site_refuses_to_start_without_its_secret(tmp_path):
    result = run_manage("check", DATA_DIR=str(tmp_path))

    assert result.returncode != 0
    assert "SECRET_KEY is not set" in result.stderr
    assert not list(tmp_path.iterdir())


def test_the_server_refuses_to_guess_its_own_names(tmp_path):
    result = run_manage("serve", DATA_DIR=str(tmp_path), SECRET_KEY="x" * 60)

    assert result.returncode != 0
    assert "ALLOWED_HOSTS is not set" in result.stderr


def test_the_server_refuses_to_run_with_the_demos_open_door(tmp_path):
    result = run_manage("serve", DATA_DIR=str(tmp_path), DEMO="1")

    assert result.returncode != 0
    assert "DEMO is set" in result.stderr


@pytest.mark.parametrize("name", ["DEBUG", "DEMO", "HTTPS", "TRUSTED_PROXIES"])
def test_nonsense_in_the_environment_is_refused(tmp_path, name):
    result = run_manage("check", DATA_DIR=str(tmp_path), SECRET_KEY="x" * 60, **{name: "perhaps"})

    assert result.returncode != 0
    assert name in result.stderr


def test_ready_for_deployment(tmp_path):
    environment = {
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "learning.example.org",
        "DATA_DIR": str(tmp_path),
    }

    result = run_manage("check", "--deploy", "--fail-level", "WARNING", **environment)

    assert result.returncode == 0, result.stderr


def test_the_demo_listens_on_this_machine_only_unless_told(tmp_path):
    refused = run_manage("demo", "--bind", "192.0.2.1", DATA_DIR=str(tmp_path), DEMO="1")

    assert refused.returncode != 0
    assert "DEMO_PUBLIC=1" in refused.stderr


def test_the_demo_needs_its_switch(tmp_path):
    refused = run_manage("demo", DATA_DIR=str(tmp_path), SECRET_KEY="x" * 60)

    assert refused.returncode != 0
    assert "make run" in refused.stderr
