# Hadir. `make help` lists what there is.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.hadir-setup

export HADIR_MODE ?= training

.PHONY: help setup run reset test soak bench check lock translations opinion

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

setup: $(STAMP) ## make the environment in .venv (Python 3.11 to 3.13)

$(STAMP): requirements.txt pyproject.toml webapp/translations/id/LC_MESSAGES/messages.po webapp/translations/en/LC_MESSAGES/messages.po
	@$(PYTHON) -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v <= (3, 13) else "Hadir needs Python 3.11, 3.12 or 3.13; this is %d.%d. Try: make PYTHON=python3.12 setup" % v)'
	@test -x $(BIN)/python || { echo "Making $(VENV) ..."; $(PYTHON) -m venv $(VENV) 2>/dev/null || $(PYTHON) -m venv --without-pip --clear $(VENV); }
	@echo "Installing the locked packages (a minute or so the first time) ..."
	@if $(BIN)/python -m pip --version >/dev/null 2>&1; then \
	    $(BIN)/python -m pip install -q --disable-pip-version-check uv 2>/dev/null || true; \
	    { test -x $(BIN)/uv && VIRTUAL_ENV=$(VENV) UV_SYSTEM_CERTS=1 $(BIN)/uv pip install -q --require-hashes -r requirements.txt; } \
	    || $(BIN)/python -m pip install -q --require-hashes -r requirements.txt; \
	else $(PYTHON) -m pip --python $(BIN)/python install -q --require-hashes -r requirements.txt; fi
	@$(BIN)/pybabel -q compile -d webapp/translations
	@touch $(STAMP)

translations: setup ## compile the panel's languages
	@$(BIN)/pybabel -q compile -d webapp/translations

run: setup ## the training house: panel, phones and terminals to play with; Ctrl-C ends it
	@exec $(BIN)/python -m workers.run

reset: setup ## forget the training house's data; the next `make run` starts afresh
	@$(BIN)/python -m workers.run reset

test: setup ## all tests but the minutes-long ones, on two cores
	@$(BIN)/python -m pytest -n 2

soak: setup ## the minutes-long proofs
	@$(BIN)/python -m pytest -m soak

bench: setup ## ratios against known floors, measured side by side
	@$(BIN)/python -m pytest -m bench -s tests/bench

opinion: setup ## learn the grammar's second opinion anew from the labelled messages
	@$(BIN)/python -m tests.sms.labelled | $(BIN)/flask sms learn > .opinion.new
	@mv .opinion.new sms/grammar/words/opinion.json

check: setup ## style, types, floors
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy

lock: ## make requirements.txt anew from pyproject.toml
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --extra dev --no-header pyproject.toml -o requirements.txt
	@sed -i '1i # Locked with hashes for Python 3.11 to 3.13, serves uv and pip alike. Made anew by: make lock' requirements.txt
