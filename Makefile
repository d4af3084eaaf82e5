# The two commands are `make demo` and `make test`; both do all the set-up themselves.
# `make help` lists the rest.

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
VAR := $(if $(HUB_VAR_DIR),$(HUB_VAR_DIR),var)
MANAGE := $(BIN)/python manage.py
# How many processes run the tests: one a core.
TEST_PROCESSES ?= auto
# How many Elasticsearch nodes to start: 1 or 3.
NODES ?= 1
LOCK = $(BIN)/uv pip compile --upgrade --universal --python-version 3.11 \
	--generate-hashes --no-header --no-annotate --quiet

.DEFAULT_GOAL := help
.PHONY: help demo test test-quick test-postgres test-elasticsearch test-outages check \
	format bench bench-scale postgres postgres-stop \
	elasticsearch elasticsearch-stop lock clean

help: ## Show what can be done here
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 22

demo: export HUB_BASE_URL ?= http://127.0.0.1:$(PORT)
demo: $(VENV)/.runs $(VAR)/.frontend ## Set up a site with demo content and serve it (PORT=8000)
	@echo "Preparing the database"
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) demo
	@echo "Open http://127.0.0.1:$(PORT)/ (stop with Ctrl+C)"
	@$(MANAGE) runserver --noreload --nostatic 127.0.0.1:$(PORT)

test: $(VENV)/.develops $(VAR)/.frontend ## Run every test but those of outages; those whose server is missing are skipped
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadgroup --ignore=tests/outages $(ARGS)

test-outages: $(VENV)/.develops $(VAR)/.frontend ## Let search servers fail under load; wants a quiet machine
	HUB_REQUIRE_SERVICES=1 $(BIN)/python -m tests.plugins.postgres run $(VAR)/postgres-test \
	  $(BIN)/pytest -s -o faulthandler_timeout=0 tests/outages $(ARGS)

test-quick: $(VENV)/.develops $(VAR)/.frontend ## Run the tests without the slow ones and the browser
	$(BIN)/pytest -n $(TEST_PROCESSES) --dist loadgroup -m "not slow and not browser" $(ARGS)

test-postgres: $(VENV)/.develops $(VAR)/.frontend ## Run every test of the database on a PostgreSQL server of its own
	$(BIN)/python -m tests.plugins.postgres run $(VAR)/postgres-test \
	  $(BIN)/pytest -n $(TEST_PROCESSES) --dist loadgroup --only-database --without-axe \
	  --ignore=tests/outages $(ARGS)

test-elasticsearch: $(VENV)/.develops $(VAR)/.frontend ## Run every test that searches on a real Elasticsearch
	HUB_REQUIRE_SERVICES=1 $(BIN)/pytest -n $(TEST_PROCESSES) --dist loadgroup \
	  --search-engine elasticsearch --without-axe $(ARGS)

check: $(VENV)/.develops $(VAR)/.frontend ## Lint, types, import contracts, templates, migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(MANAGE) makemigrations --check --dry-run
	$(MANAGE) check --fail-level WARNING

format: $(VENV)/.develops ## Put code and templates in the house style
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.develops $(VAR)/.frontend ## Time our search beside Wagtail's own, and measure relevance
	$(MANAGE) benchmark_search --documents 20000

bench-scale: $(VENV)/.develops $(VAR)/.frontend ## Time search at 2,000, 20,000 and 200,000 documents (half an hour)
	$(MANAGE) benchmark_scale --documents 2000,20000,200000 $(ARGS)

postgres: $(VENV)/.develops ## Start a PostgreSQL server for tests, and print its DATABASE_URL
	@$(BIN)/python -m tests.plugins.postgres start $(VAR)/postgres

postgres-stop: $(VENV)/.develops ## Stop it; its data stays in var/
	@$(BIN)/python -m tests.plugins.postgres stop $(VAR)/postgres

elasticsearch: $(VENV)/.develops ## Start an Elasticsearch for tests (NODES=1 or 3), and print its address
	@$(BIN)/python -m tests.plugins.elasticsearch start $(VAR)/elasticsearch $(NODES)

elasticsearch-stop: $(VENV)/.develops ## Stop it; its data stays in var/
	@$(BIN)/python -m tests.plugins.elasticsearch stop $(VAR)/elasticsearch

lock: $(VENV)/.develops ## Pin the newest versions that pyproject.toml allows
	$(LOCK) pyproject.toml --extra object-storage --output-file requirements/object-storage.lock
	$(LOCK) pyproject.toml --constraints requirements/object-storage.lock \
	  --output-file requirements/base.lock
	$(LOCK) pyproject.toml --extra object-storage --group dev \
	  --constraints requirements/object-storage.lock --output-file requirements/dev.lock

clean: ## Remove the virtual environment; the site's data in var/ stays
	rm -rf $(VENV)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "The Learning Hub needs Python 3.11 or later: set PYTHON=/path/to/python3.11"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo "Could not make a virtual environment: on Debian, install python3-venv"; exit 1; }

$(VENV)/.runs: requirements/base.lock | $(BIN)/python
	@echo "Installing what the site needs (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/base.lock
	@touch $@

$(VENV)/.develops: requirements/dev.lock | $(BIN)/python
	@echo "Installing what the site and its tests need (once, about a minute)"
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	@touch $@ $(VENV)/.runs

$(VAR)/.frontend: requirements/base.lock $(shell find static learning_hub/design_system -type f -not -name '*.pyc') | $(BIN)/python
	@test -e $(VENV)/.runs || $(MAKE) --no-print-directory $(VENV)/.runs
	@echo "Preparing styles and scripts"
	@mkdir -p $(VAR)/frontend
	@$(MANAGE) build_frontend
	@$(MANAGE) collectstatic --noinput --clear --verbosity 0
	@touch $@
