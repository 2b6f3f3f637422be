# Aviary's commands: `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
MEMBERS := $(wildcard libs/*) $(wildcard services/*) deploy/local
STAMP := .venv/.installed

.PHONY: help
help: ## List the commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(STAMP): requirements.lock build.lock $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Aviary needs Python 3.11 or newer; try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { [ "$$(id -u)" = 0 ] && apt-get update -qq && apt-get install -qq -y python3-venv && $(PYTHON) -m venv .venv; } || { echo "Install Python's venv module first (Debian: apt-get install python3-venv)"; exit 1; }
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r build.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ./,$(MEMBERS))
	@touch $@

.PHONY: install
install: $(STAMP) ## Install everything into .venv, pinned and hashed

.PHONY: start
start: install ## Run the whole stack on this machine (DETACH=1 returns when it is ready)
	@$(BIN)/aviary up $(if $(DETACH),--detach)

.PHONY: stop
stop: install ## Stop the stack
	@$(BIN)/aviary down

.PHONY: test
test: install ## Run every test against real servers; what failed runs once more, with nothing beside it
	@$(BIN)/pytest -n 2 --dist loadgroup || { [ $$? = 1 ] && echo "Once more, with nothing beside it:" && $(BIN)/pytest --last-failed --last-failed-no-failures none --maxfail 3; }

.PHONY: lint
lint: install ## Format check, lint, types, and which package may import which
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(addsuffix /src,$(MEMBERS)) tests/gateway_peer
	@$(BIN)/lint-imports --no-cache

.PHONY: format
format: install ## Format and fix what can be fixed by itself
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

.PHONY: audit
audit: install ## Look the pinned packages up among known weaknesses (needs the internet)
	@$(BIN)/uv tool run --quiet pip-audit --strict --disable-pip --require-hashes --progress-spinner off -r requirements.lock

.PHONY: chaos
chaos: install ## Break everything, N=500 times, and compare (SEED=1234 replays one)
	@$(BIN)/python -m tests.chaos $(if $(SEED),--seed $(SEED),--number $(or $(N),500) --first $(or $(FIRST),0))

.PHONY: bench
bench: install ## Measure speed and size on a running stack
	@$(BIN)/python -m tests.bench

.PHONY: parity
parity: install ## Compare the compat engine with the reference engine's results, executor by executor
	@$(BIN)/python -m aviary_strategies.backtest.parity

.PHONY: events
events: install ## Write docs/events.md from the messages
	@$(BIN)/python -m aviary_messages.document > docs/events.md

.PHONY: lock
lock: install ## Pin the newest allowed versions
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --all-packages --no-emit-workspace --no-header --no-annotate -o requirements.lock
	@printf 'editables\nhatchling\nuv\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header - -o build.lock
	@printf 'vectorbt\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header - -o tests/bench/peers.lock

.PHONY: clean
clean: ## Remove the environment and all local data
	@rm -rf .venv .aviary
