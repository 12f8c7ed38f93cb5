# The two commands that matter: `make demo` and `make test`; `make quick` while you work. They set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Where this is set, every process compiles all of it anew: the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test quick lint fuzz mutants bench docs screenshots setup clean

$(VENV)/base.stamp: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "veedor needs Python 3.11 or newer; set PYTHON=/path/to/it" >&2; exit 2; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev.stamp: $(VENV)/base.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@sh tests/install-chromium.sh
	@touch $@

setup: $(VENV)/dev.stamp

demo: $(VENV)/base.stamp
	@$(BIN)/veedor demo --out out/demo

lint: $(VENV)/dev.stamp
	@$(BIN)/ruff format --check src tests bench release docs
	@$(BIN)/ruff check src tests bench release docs
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: lint
	@$(BIN)/python -m pytest -n auto --dist worksteal

# One thread a worker is enough: there are as many workers as processors.
quick: lint
	@POLARS_MAX_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal -m "not slow and not browser" \
		--ignore tests/browser --ignore tests/forensics/mixture

# How long, and what more: make fuzz MINUTES=30 FUZZ='--seed 7 --target xlsx'
MINUTES ?= 10
FUZZ ?=

$(VENV)/fuzz.stamp: $(VENV)/base.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,fuzz]'
	@touch $@

fuzz: $(VENV)/fuzz.stamp
	@$(BIN)/python -m tests.fuzz --minutes $(MINUTES) $(FUZZ)

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bench

# Would the tests notice small changes to the code? make mutants ROOM=count SEED=1 EACH=25 (ROOM="a b" takes several).
ROOM ?= count
SEED ?= 1
EACH ?= 25
mutants: $(VENV)/dev.stamp
	@nice -n 15 $(BIN)/python -m tests.mutants $(ROOM) --seed $(SEED) --each $(EACH) $(MORE)

docs: $(VENV)/base.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@$(BIN)/python docs/build.py
	@echo "open site/index.html"

screenshots: $(VENV)/dev.stamp
	@$(BIN)/python docs/screenshots.py

# What a release needs is in an environment of its own: exactly what release/tools.txt names, by its hashes.
TOOLS := out/release/tools
.PHONY: release lowest pins

$(TOOLS)/stamp: release/tools.txt
	@$(PYTHON) -m venv --clear $(TOOLS)
	@$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r release/tools.txt
	@touch $@

release: $(TOOLS)/stamp
	@$(TOOLS)/bin/python -m release

lowest: $(TOOLS)/stamp
	@$(TOOLS)/bin/python -m release.lowest

# After a change of what pyproject.toml asks for; with UPGRADE=--upgrade, the newest of everything.
pins: $(TOOLS)/stamp
	@$(TOOLS)/bin/python -m release.pins $(UPGRADE)

clean:
	rm -rf $(VENV) out site
