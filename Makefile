# Everything that a person or a machine does with this project. `make` alone explains the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PORT ?= 5000
# `make demo DATASET=ml-latest-small` takes a data set by name, `make demo DATA=DIR` a folder of your own.
CHOSEN_DATA = $(if $(DATASET),--dataset "$(DATASET)") $(if $(DATA),--data "$(DATA)")
# `make setup PYTHON_VERSION=3.13` chooses a Python; `make matrix` has an environment for each one.
export MOVIEREC_VENV ?= .venv
BIN = $(MOVIEREC_VENV)/bin
PYTHON = $(BIN)/python
MESSAGES := $(patsubst %.po,%.mo,$(wildcard locale/*/LC_MESSAGES/django.po))
COMPILE = $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make requirements"
# What somebody's shell says for another Django project, or of a way out to the internet, is not for what runs here.
unexport DJANGO_SETTINGS_MODULE
export no_proxy := 127.0.0.1,localhost,::1,$(no_proxy)
export NO_PROXY := $(no_proxy)

# A shell that keeps Python from storing compiled modules makes every loop twice as slow.
unexport PYTHONDONTWRITEBYTECODE
PYTEST = $(PYTHON) -m pytest -n 2
SERVICES := spark or elasticsearch or browser or stack or site
# PYTEST_ARGS may leave nothing of one of the two parts (exit code 5).
CHOSEN = $(PYTEST_ARGS) $(if $(PYTEST_ARGS),|| [ $$? -eq 5 ])

.PHONY: help setup setup-dev meaning demo demo-check bench bench-scale check test test-long test-all lint lint-schema security types messages matrix requirements clean env up down logs stack-test

help: ## Explain the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what the demo needs: Java (Debian) and the environment in .venv
	@scripts/install_system_packages.sh
	@scripts/make_environment.sh base
	@$(MAKE) messages

setup-dev: ## Install what the tests need as well: a browser and the tools for developers
	@scripts/install_system_packages.sh --dev
	@scripts/make_environment.sh dev
	@$(MAKE) messages

meaning: ## Search by what a sentence means as well: add a small model to .venv (30 MB)
	@scripts/make_environment.sh meaning

demo: ## Fetch the data, train, index, and serve the site on http://127.0.0.1:5000 (PORT=5001; DATASET=ml-latest-small or DATA=DIR)
	@scripts/check_port.sh "$(PORT)"
	@$(MAKE) setup
	@exec $(PYTHON) manage.py serve_demo --port "$(PORT)" $(CHOSEN_DATA)

demo-check: ## The same on a free port, then ask for two lists over HTTP and stop everything again
	@$(MAKE) setup
	@exec $(PYTHON) manage.py serve_demo --check $(CHOSEN_DATA)

check: setup-dev lint types ## Two minutes: lint, types and the tests that need no service (PYTEST_ARGS="-k api" for some of them)
	@$(PYTEST) -m "not long and not ($(SERVICES))" $(CHOSEN)

test: check security ## A quarter of an hour: the same, then the tests with real Spark, Elasticsearch, a browser and the site's processes
	@$(PYTHON) -m tests.prepared
	@$(PYTEST) -m "not long and not stack and ($(SERVICES))" --durations=30 $(CHOSEN)

test-long: setup-dev ## What `make test` leaves out: the full stack, all faults, widths and themes, the whole fuzzing
	@$(PYTHON) -m tests.prepared
	@$(PYTEST) -m "long or stack" --durations=30 $(CHOSEN)

test-all: test test-long lint-schema ## Every test that there is, and the linters of the API's schema

lint-schema: setup-dev ## The API's schema by the rules of Redocly and Spectral, which come from npm
	@scripts/lint_schema.sh

bench-scale: setup-dev ## Train on one and on ten million made-up ratings and print times, memory and nDCG beside peers
	@$(PYTHON) -m benchmarks.scale

bench: setup-dev ## Put the demo under load for four minutes and print figures beside a search by id in the same run
	@$(PYTHON) -m benchmarks.load

lint: setup-dev ## Style, formatting, import contracts, Django's checks (for deployment too), missing migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(PYTHON) manage.py check --settings movierec_site.settings.test
	@$(PYTHON) manage.py makemigrations --check --dry-run --settings movierec_site.settings.test
	@scripts/check_deployment.sh

security: setup-dev ## Unsafe code (bandit) and known vulnerabilities of every pinned package
	@$(BIN)/bandit --quiet -c pyproject.toml -r accounts docker gunicorn.conf.py movierec_site recommendations spark_jobs
	@scripts/audit_packages.sh

env: ## Write .env with random secrets for the full stack
	@scripts/make_env.sh

up: ## The full stack in containers: site on 5000, Kibana 5601, Spark 8080, Elasticsearch 9200 (first: make env)
	@scripts/compose.sh build web celery-worker
	@scripts/compose.sh up -d
	@echo "The site is at http://127.0.0.1:$$(sed -n 's/^WEB_PORT=//p' .env). Train with ./commande.sh"

down: ## End the full stack; its volumes stay
	@scripts/compose.sh --profile notebook down

logs: ## Follow the logs of the full stack (SERVICE=web for one of them)
	@scripts/compose.sh logs --follow --tail=100 $(SERVICE)

stack-test: setup ## Build both images, bring the full stack up, train on its cluster, ask for lists, take it down
	@scripts/stack_test.sh

types: setup-dev ## Check the types
	@$(BIN)/mypy

messages: $(MESSAGES) ## Compile the translations
	@:

%.mo: %.po
	@$(BIN)/pybabel --quiet compile -i $< -o $@

matrix: ## `make check` on each Python of this machine (3.11 to 3.14)
	@scripts/check_each_python.sh

requirements: setup-dev ## Pin the newest versions that pyproject.toml allows, for every Python, with hashes
	@$(COMPILE) --upgrade pyproject.toml -o requirements/base.txt
	@$(COMPILE) --group site -c requirements/base.txt -o requirements/site.txt
	@$(COMPILE) --upgrade pyproject.toml --group meaning -o requirements/meaning.txt
	@$(COMPILE) --upgrade pyproject.toml --group dev -o requirements/dev.txt
	@$(COMPILE) --upgrade pyproject.toml --group notebook -o requirements/notebook.txt

clean: ## Remove the environment and the tools' caches; data and models under MOVIEREC_HOME stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
