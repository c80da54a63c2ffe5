# Each target is a line that a person could type. `make setup` needs Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
BIN := .venv/bin
# Processes that run tests beside each other; a file of tests stays together.
WORKERS ?= 2

.PHONY: setup demo test lint types imports docs bench fuzz clean

setup: .venv/ready

.venv/ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation --no-index -e .
	@touch .venv/ready

demo: setup
	$(BIN)/tenprint demo

test: setup
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

imports: setup
	$(BIN)/lint-imports

docs: setup
	$(BIN)/python tools/docs.py --check

bench: setup
	$(BIN)/python -m bench

fuzz: setup
	$(BIN)/python -m tests.faults.fuzz_itl

clean:
	rm -rf .venv build dist demo
