PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
SITE_ENV := .venv/site.stamp
TEST_ENV := .venv/test.stamp
BUILT := .cache/site.stamp
SOURCES := mkdocs.yml $(shell find src docs -type f -not -name '*.pyc')

.PHONY: serve build test bench models parity offline

serve: build
	@$(BIN)/python -m circuit_explainer.build serve --port $(PORT)

build: $(BUILT)

test: $(TEST_ENV) build
	@echo "Checking style and types"
	@$(BIN)/ruff check && $(BIN)/ruff format --check && $(BIN)/mypy
	@echo "Running the tests, in a browser too"
	@OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal

bench: $(TEST_ENV) .venv-parity/stamp build
	@$(BIN)/python -m tests.bench

offline: build
	@$(BIN)/python -m circuit_explainer.build offline

models: .venv-parity/stamp
	@.venv-parity/bin/python -m circuit_explainer.zoo.making

parity: .venv-parity/stamp
	@.venv-parity/bin/python -m pytest tests/parity/live_*.py

$(BUILT): $(SITE_ENV) $(SOURCES)
	@$(BIN)/python -m circuit_explainer.build.runtime assemble
	@echo "Building the site"
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs --quiet build
	@touch $@

.venv/bin/python:
	@echo "Making the environment .venv"
	@$(PYTHON) -m venv .venv

$(SITE_ENV): pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing what the site is built with (about 40 MB)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[site]'
	@touch $@

$(TEST_ENV): pyproject.toml constraints.txt | .venv/bin/python
	@echo "Installing what the tests need (about 150 MB)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch $@ $(SITE_ENV)

.venv-parity/stamp: pyproject.toml
	@echo "Making the environment .venv-parity with PyTorch and TransformerLens (about 1.5 GB)"
	@$(PYTHON) -m venv .venv-parity
	@.venv-parity/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	@.venv-parity/bin/python -m pip install --quiet --disable-pip-version-check --editable '.[parity]'
	@touch $@
