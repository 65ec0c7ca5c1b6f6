# Needs Python 3.11, 3.12 or 3.13, make and git. Everything else goes into .venv, at the versions of requirements.lock.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# The interpreter that makes .venv: PYTHON if it is given, else the first that serves. (3.14 and newer: wordllama, from which
# the word embeddings come, has no wheels for them yet.)
PYTHON ?=
PYTHONS := $(or $(PYTHON),python3 python3.13 python3.12 python3.11)
# The lock is made with the oldest Python that we support, so that it names whatever any of them needs.
LOCK_PYTHON ?= python3.11
# Public data sets, and what of the benchmark is run.
BENCHMARKS ?= ../shared/benchmarks
PARTS ?= all
# How long `make soak` is: both or neither.
REQUESTS ?= 200000
MINUTES ?= 10

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export SERVES := import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info < (3, 14))

.DEFAULT_GOAL := help
.PHONY: help install run chat chromium test test-matrix lint format lock bench bench-trial bench-pages bench-http soak malformed clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(INSTALLED) ## the website with the chat, to try it: http://127.0.0.1:8000
	@$(BIN)/python -m chatbot serve --demo

chat: $(INSTALLED) ## chat in this terminal
	@$(BIN)/python -m chatbot

install: $(INSTALLED) ## make .venv with the locked packages; at once where it is up to date

test: $(INSTALLED) chromium ## run all tests
	$(BIN)/python -m pytest

chromium:
	@command -v chromium >/dev/null || command -v chromium-browser >/dev/null || { \
		[ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && echo "Installing chromium" && \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >/dev/null; } || \
		echo "No chromium: the tests in a browser are skipped (Debian and Ubuntu: apt-get install chromium)"

test-matrix: $(INSTALLED) ## every state of the chat widget on every kind of screen and page; `make test` takes pairs of them
	$(BIN)/python -m pytest -m whole_matrix tests/browser

lint: $(INSTALLED) ## style, types and layering
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(INSTALLED) ## put the code in the house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

bench: $(INSTALLED) ## measure, and draw docs/benchmarks.md and docs/capacity.md; some parts only: make bench PARTS="speed start"
	$(BIN)/python -m tests.benchmarks --data "$(BENCHMARKS)" $(PARTS)

bench-trial: $(INSTALLED) ## the same with little of everything, into build/benchmarks: does it work?
	$(BIN)/python -m tests.benchmarks --data "$(BENCHMARKS)" --trial $(PARTS)

bench-pages: $(INSTALLED) ## draw the pages again from the figures kept in docs/benchmarks, without measuring
	$(BIN)/python -m tests.benchmarks

bench-http: $(INSTALLED) ## the chat's HTTP API beside a Flask view that returns a constant (needs wrk)
	$(BIN)/python -m tests.benchmarks.http

soak: $(INSTALLED) ## 200,000 requests while workers are killed and the database is cut off (needs PostgreSQL)
	$(BIN)/python -m tests.benchmarks.soak $(REQUESTS) $(MINUTES)

malformed: $(INSTALLED) ## 10,000 requests that no widget would send
	$(BIN)/python -m tests.benchmarks.malformed

lock: ## renew requirements.lock to the newest versions that pyproject.toml allows
	$(LOCK_PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" build/lock/bin/pip-compile --quiet --upgrade --extra dev --generate-hashes \
		--allow-unsafe --strip-extras --no-emit-options --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
		--output-file requirements.lock pyproject.toml

clean: ## remove .venv and everything that was made
	rm -rf $(VENV) build dist *.egg-info .*_cache .hypothesis
	find chatbot tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(INSTALLED): requirements.lock pyproject.toml
	@rm -f $@; \
	if ! $(BIN)/python -m pip --version >/dev/null 2>&1; then \
		for python in $(PYTHONS); do \
			if "$$python" -c "$$SERVES" 2>/dev/null; then found="$$python"; break; fi; \
		done; \
		if [ -z "$$found" ]; then \
			echo "Found no Python 3.11, 3.12 or 3.13 with its venv module (tried: $(PYTHONS))." >&2; \
			echo "On Debian and Ubuntu: apt-get install python3-venv. Or name one: make install PYTHON=…" >&2; \
			exit 1; \
		fi; \
		echo "Making $(VENV) with $$("$$found" --version)"; \
		"$$found" -m venv --clear $(VENV) || exit 1; \
	fi
	@echo "Installing the packages of requirements.lock (about a minute the first time)"
	@$(BIN)/python -m pip install --quiet --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m compileall -q chatbot web  # pip does so for packages, but not for what is installed in place
	@touch $@
