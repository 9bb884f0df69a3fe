# The two commands that matter: `make run` and `make test`. `make help` lists the rest.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
PORT ?= 8000
DATA_DIR ?= var
# How many tests go on at the same time: one more than cores, for many wait for browsers and faults.
WORKERS ?= 3
export PORT DATA_DIR
# Last, so that it adds only what the system lacks (node).
export PATH := $(PATH):$(CURDIR)/$(BIN)

.DEFAULT_GOAL := help
.PHONY: help python setup setup-run run test thorough faults check browser-logic format audit catalogue screenshots lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 22

python:
	@test -n "$(PYTHON)" || { echo "Dialog needs Python 3.11 or newer: install the packages python3 and python3-venv." >&2; exit 1; }

setup: python ## install everything, test tools included; does nothing when nothing changed
	@$(PYTHON) -m scripts.setup test

setup-run: python
	@$(PYTHON) -m scripts.setup run

run: setup-run ## serve Dialog with the example evening; PORT and DATA_DIR are respected
	@$(BIN)/dialog run

PYTEST := $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

test: setup check ## set-up, all checks, the tests of every day; ARGS=tests/cards for some; WORKERS is 3
	$(PYTEST) -m "not thorough" $(ARGS)

thorough: setup ## what make test leaves out for the time it takes: whole evenings, several machines, measuring
	$(PYTEST) -m thorough $(ARGS)

faults: setup ## what must never be lost, under every fault; FAULTS=full for the whole table; writes the result
	FAULTS_RESULT=1 $(BIN)/python -m pytest tests/faults $(ARGS)

durations: setup ## measure how long each test file takes, for the order of a run; writes tests/durations.json
	$(PYTEST) -m "not thorough" --write-durations $(ARGS)

# The checks know nothing of each other: they run side by side, and each prints its output in one piece.
CHECKS := check-lint check-format check-types check-layers check-templates check-template-format \
	check-browser-code check-translations browser-logic
.PHONY: $(CHECKS)

check: setup ## lint, types, layers, templates, browser code and its tests, translations; all at once
	@$(MAKE) --no-print-directory --jobs 4 --keep-going --output-sync=target $(CHECKS)

check-lint:
	$(BIN)/ruff check .
check-format:
	$(BIN)/ruff format --check .
check-types:
	$(BIN)/mypy
check-layers:
	$(BIN)/lint-imports --no-logo
check-templates:
	$(BIN)/djlint --quiet --lint templates
check-template-format:
	$(BIN)/djlint --quiet --check templates
check-browser-code:
	node_modules/.bin/biome check --error-on-warnings
check-translations:
	$(BIN)/python -m scripts.catalogue check

browser-logic: ## the tests of the browser code, in node with fakes for socket, storage and page
	node --test --test-reporter=dot tests/browser_logic/*.test.js

format: setup ## let the formatters have their way
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format --quiet .
	-$(BIN)/djlint --quiet --reformat templates
	node_modules/.bin/biome check --write

audit: setup ## known weaknesses in locked packages (asks the network)
	@$(BIN)/python -m scripts.audit

catalogue: setup ## bring new texts into the Swedish catalogue
	@$(BIN)/python -m scripts.catalogue update

screenshots: setup ## draw the pictures in docs/ anew
	$(BIN)/python -m scripts.screenshots

lock: ## write the Python locks anew (needs uv)
	@scripts/lock.sh

clean: ## remove everything that set-up made; your data in DATA_DIR stays
	rm -rf .venv .cache node_modules static/vendor vendor build test-results .mypy_cache .pytest_cache \
		.ruff_cache .import_linter_cache .hypothesis
	find static -name '*.gz' -delete -o -name '*.br' -delete
	find dialog -name '*.mo' -delete
