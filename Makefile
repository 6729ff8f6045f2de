# `make run` starts the course on this machine, `make test` passes its tests. Nothing else is needed first.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
BIND ?= 127.0.0.1
PORT ?= 8000

.PHONY: run test check fmt bench browser reset

run: $(VENV)/installed  ## the demo, with people and work in it, on http://127.0.0.1:8000
	@DEMO=1 $(BIN)/python manage.py demo --bind $(BIND) --port $(PORT)

test: $(VENV)/installed-dev  ## all tests, on a real PostgreSQL and (where there is one) in a real Chromium
	@$(BIN)/python -m pytest -n auto $(ARGS)

check: $(VENV)/installed-dev  ## what a change must pass before the tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djade --check --target-version 5.2 $$(git ls-files 'templates/*.html')
	SECRET_KEY=check DATABASE_URL=postgres://nowhere/none $(BIN)/python -W ignore manage.py makemigrations --check --dry-run
	SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))') ALLOWED_HOSTS=example.org \
		$(BIN)/python manage.py check --deploy --fail-level WARNING

fmt: $(VENV)/installed-dev  ## format code and templates
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	-$(BIN)/djade --target-version 5.2 $$(git ls-files 'templates/*.html')

bench: $(VENV)/installed-dev  ## measure the budgets of docs/architecture.md
	$(BIN)/python -m bench

browser:  ## Debian's Chromium, for the browser tests
	@command -v chromium >/dev/null || { \
		SUDO=$$([ "$$(id -u)" = 0 ] || echo sudo); \
		$$SUDO apt-get update -qq && $$SUDO apt-get install -y -qq --no-install-recommends chromium; }

reset: $(VENV)/installed  ## forget the demo: asks first, for everything written in it goes
	@[ ! -d var ] || DEMO=1 $(BIN)/python manage.py db stop
	@printf 'This deletes var/ with everything written in the demo. Type yes: '; read answer; \
		if [ "$$answer" = yes ]; then \
			if [ -L var/postgres ]; then rm -rf "$$(readlink var/postgres)"; fi; rm -rf var && echo 'Gone.'; \
		else echo 'Kept.'; fi

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed; choose one with: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "Making the virtual environment $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || \
		{ echo "Python's venv module is missing; on Debian or Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the course runs on (a minute or two, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/installed-dev: requirements-dev.txt $(VENV)/installed
	@echo "Installing what the tests need ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
