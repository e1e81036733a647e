# Everything that a person or a machine does with this project. `make` alone explains the targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PORT ?= 5000
PYTHON := .venv/bin/python
COMPILE := .venv/bin/uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url \
	--no-emit-find-links --custom-compile-command "make requirements"

.PHONY: help setup setup-dev demo demo-check bench test lint types messages requirements clean

help: ## Explain the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## Install what the demo needs: Java 17 (Debian) and the environment in .venv
	@scripts/install_system_packages.sh
	@scripts/make_environment.sh base
	@$(MAKE) messages

setup-dev: ## Install what the tests need as well: a browser and the tools for developers
	@scripts/install_system_packages.sh --dev
	@scripts/make_environment.sh dev
	@$(MAKE) messages

demo: ## Fetch the data, train, index, and serve the site on http://127.0.0.1:5000 (PORT=5001 for another port)
	@scripts/check_port.sh "$(PORT)"
	@$(MAKE) setup
	@exec $(PYTHON) manage.py serve_demo --port "$(PORT)"

demo-check: ## The same on a free port, then ask for two lists over HTTP and stop everything again
	@$(MAKE) setup
	@exec $(PYTHON) manage.py serve_demo --check

test: setup-dev lint types ## Lint, types and all tests (PYTEST_ARGS="-k api" for some of them)
	@$(PYTHON) -m pytest $(PYTEST_ARGS)

bench: setup-dev ## Put the demo under load for four minutes and print figures beside a search by id in the same run
	@$(PYTHON) -m benchmarks.load

lint: setup-dev ## Style, formatting, import contracts, Django's checks and missing migrations
	@.venv/bin/ruff check .
	@.venv/bin/ruff format --check .
	@.venv/bin/lint-imports
	@$(PYTHON) manage.py check --settings movierec_site.settings.test
	@$(PYTHON) manage.py makemigrations --check --dry-run --settings movierec_site.settings.test

types: setup-dev ## Check the types
	@.venv/bin/mypy

messages: ## Compile the translations
	@.venv/bin/pybabel --quiet compile -d locale -D django

requirements: setup-dev ## Pin the newest versions that requirements/*.in allow, with hashes
	@$(COMPILE) --upgrade requirements/base.in -o requirements/base.txt
	@$(COMPILE) --upgrade requirements/dev.in -o requirements/dev.txt

clean: ## Remove the environment and the tools' caches; data and models under MOVIEREC_HOME stay
	@rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
