# Aviary's commands: `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
MEMBERS := $(wildcard libs/*) $(wildcard services/*) deploy/local
STAMP := .venv/.installed
# Containers often set it. Without bytecode each of the many processes of a stack and of its tests compiles all its imports anew.
unexport PYTHONDONTWRITEBYTECODE

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

.PHONY: images
images: ## Make an image of each service (AVIARY_BASE=python:3.13-slim-bookworm)
	@deploy/docker/images

.PHONY: up
up: ## Run the whole stack in containers; makes images and .env where they are missing
	@deploy/docker/up

.PHONY: down
down: ## Stop the containers; the data stays
	@deploy/docker/down

.PHONY: test
test: install ## Run every test against real servers; what failed runs once more, with nothing beside it
	@$(BIN)/pytest -n 2 --dist loadgroup || { [ $$? = 1 ] && echo "Once more, with nothing beside it:" && $(BIN)/pytest --last-failed --last-failed-no-failures none --maxfail 3; }

.PHONY: test-compose
test-compose: install ## Run the tests of the containers and the official client on them; makes the images first
	@deploy/docker/images
	@$(BIN)/pytest -m compose tests/compose
	@$(BIN)/pytest --containers tests/e2e/test_official_client*.py

.PHONY: lint
lint: install ## Format check, lint, types, and which package may import which
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy $(addsuffix /src,$(MEMBERS)) tests/gateway_peer docs/site
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
events: install ## Write docs/events.md and docs/asyncapi.yaml from the messages
	@$(BIN)/python -m aviary_messages.document > docs/events.md
	@$(BIN)/python -m tests.contract.asyncapi > docs/asyncapi.yaml

.PHONY: openapi
openapi: install ## Write docs/openapi.json from the services' routes
	@$(BIN)/python -m tests.contract.openapi > .openapi.json && mv .openapi.json docs/openapi.json

.PHONY: client-table
client-table: install ## Write docs/client.md from the official client's methods
	@$(BIN)/python -m tests.contract.client_table > .client.md && mv .client.md docs/client.md

.PHONY: schemathesis
schemathesis: install ## Send N=50 random requests to every route, and check the answers
	@EXAMPLES=$(or $(N),50) $(BIN)/pytest tests/e2e/test_every_operation.py --timeout 0 -q

.PHONY: release-data
release-data: install ## Leave NAME=...'s data and messages for the next release's upgrade tests
	@$(BIN)/python -m tests.upgrade.make $(or $(NAME),$(error Say which release: make release-data NAME=0.2))

.PHONY: chart
chart: install ## Write the Helm chart's table of services from the topology
	@$(BIN)/python -m aviary_local.chart > deploy/helm/aviary/files/topology.yaml

.PHONY: docs
docs: install ## Build the documentation's site into .site; a broken link stops it
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict && echo "The site is in .site; make docs-serve shows it."

.PHONY: docs-serve
docs-serve: install ## Show the site at http://127.0.0.1:8008, and again after each change
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs serve --dev-addr 127.0.0.1:8008

.PHONY: lock
lock: install ## Pin the newest allowed versions
	@$(BIN)/uv lock --quiet --upgrade
	@$(BIN)/uv export --quiet --all-packages --no-emit-workspace --no-header -o requirements.lock
	@printf 'editables\nhatchling\nuv\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header - -o build.lock
	@printf 'vectorbt\n' | $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header - -o tests/bench/peers.lock

.PHONY: clean
clean: ## Remove the environment and all local data
	@rm -rf .venv .aviary .site
