# Every target works on a machine that has only make and Python 3.11 or newer:
# the environment in .venv is made, and brought up to date with its lock, when a target needs it.

VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-installed
DEVELOPMENT := $(VENV)/.development-installed

# The first interpreter that is new enough; `make PYTHON=/path/to/python3 demo` chooses another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c '$(NEW_ENOUGH)' 2>/dev/null && { echo $$name; break; }; done)

PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check
PROJECT_INSTALL = $(PIP_INSTALL) --no-deps --no-build-isolation --editable .
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" pyproject.toml

.DEFAULT_GOAL := help
.PHONY: help demo serve console types test check format bench lock upgrade clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(RUNTIME) ## a burst of 8,000 buyers, a show on four channels, and the proofs (ARGS='--act burst')
	$(BIN)/holdfast demo $(ARGS)

serve: $(RUNTIME) ## run the server (ARGS='--port 9000')
	$(BIN)/holdfast serve $(ARGS)

console: $(DEVELOPMENT) ## build the operator console into the package; `serve` shows it at /console
	$(BIN)/python console/build.py

types: $(DEVELOPMENT) ## write the console's API types anew after a change of the API
	$(BIN)/python -m tests.console.typescript

test: check console ## everything a change must pass (ARGS='tests/ledger' for a part)
	$(BIN)/python -m pytest -q $(ARGS)

check: $(DEVELOPMENT) ## format, lint, types, import direction
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy --strict
	$(BIN)/lint-imports
	$(BIN)/python console/build.py check

format: $(DEVELOPMENT) ## let ruff mend what it can
	$(BIN)/ruff format
	$(BIN)/ruff check --fix
	$(BIN)/python console/build.py format

bench: $(DEVELOPMENT) ## measure on this machine and rewrite docs/performance.md (ARGS='--help')
	$(BIN)/python -m bench $(ARGS)

lock: $(DEVELOPMENT) ## bring the locks in line with pyproject.toml, changing as little as possible
	$(LOCK) --extra build --extra postgresql --output-file requirements.lock
	$(LOCK) --extra build --extra postgresql --extra dev --constraint requirements.lock --output-file requirements-dev.lock

upgrade: LOCK += --upgrade
upgrade: lock ## the same, with the newest version of everything

clean: ## remove the environment and every cache
	rm -rf $(VENV) build dist console/node_modules src/holdfast/console .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "holdfast needs Python 3.11 or newer, and found none; \
	install it, or name it: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c '$(NEW_ENOUGH)' || { echo "$(PYTHON) is too old or does not run: holdfast needs Python 3.11 or newer" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make environments: \
	its ensurepip module is missing. On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)

# A stamp is newer than everything it was installed from. The development lock holds every pin of the other one,
# so installing it serves both.
$(RUNTIME): requirements.lock pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes --requirement requirements.lock
	$(PROJECT_INSTALL)
	@touch $@

$(DEVELOPMENT): requirements-dev.lock pyproject.toml | $(BIN)/python
	$(PIP_INSTALL) --require-hashes --requirement requirements-dev.lock
	$(PROJECT_INSTALL)
	@touch $(RUNTIME) $@
