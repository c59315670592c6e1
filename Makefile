# Needs python3 (3.11 or newer) and make; everything else is put into .venv, from the lock.
# ARGS is handed on: make drill ARGS=--keep, make test ARGS="-k ladder".
PYTHON ?= python3
ARGS ?=
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup drill up test check bench format lock clean

help:  ## Print these lines.
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | while IFS="$$(printf '\t')" read -r name line; do printf '  make %-8s %s\n' "$$name" "$$line"; done

setup:
	@exec $(PYTHON) scripts/bootstrap.py

drill: setup  ## Play an outage from the alert to the document, with simulated phones.
	@exec $(BIN)/midwatch drill $(ARGS)

up: setup  ## Start everything and keep it running until Ctrl-C.
	@exec $(BIN)/midwatch up $(ARGS)

test: setup  ## Run the tests (installs Chromium first where that is possible).
	@$(BIN)/python scripts/browser.py
	@exec $(BIN)/python -m pytest -n 2 $(ARGS)

check: setup  ## Lint, formatting, types and import contracts.
	@exec $(BIN)/ruff check .
	@exec $(BIN)/ruff format --check .
	@exec $(BIN)/mypy .
	@exec $(BIN)/lint-imports

bench: setup  ## Measure alert-to-call latency and throughput against bare Temporal.
	@exec $(BIN)/python -m bench $(ARGS)

format: setup  ## Format the code and mend what the linter can mend.
	@exec $(BIN)/ruff check --fix .
	@exec $(BIN)/ruff format .

lock:  ## Resolve the dependencies again into uv.lock.
	@$(PYTHON) scripts/bootstrap.py --uv-only
	@exec .bootstrap/uv/bin/uv lock $(ARGS)

clean:  ## Remove environments and caches; data/ is kept.
	@rm -rf .venv .bootstrap .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
