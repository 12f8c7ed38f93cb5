# The two commands that matter: `make demo` and `make test`; `make quick` while you work. They set up what they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test quick lint bench docs screenshots setup clean

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
	@$(BIN)/ruff format --check src tests bench
	@$(BIN)/ruff check src tests bench
	@$(BIN)/mypy
	@$(BIN)/lint-imports

test: lint
	@$(BIN)/python -m pytest -n auto --dist worksteal

quick: lint
	@$(BIN)/python -m pytest -n auto --dist worksteal -m "not slow and not browser" \
		--ignore tests/browser --ignore tests/forensics/mixture

bench: $(VENV)/dev.stamp
	@$(BIN)/python -m bench

docs: $(VENV)/base.stamp
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[docs]'
	@$(BIN)/python docs/build.py
	@echo "open site/index.html"

screenshots: $(VENV)/dev.stamp
	@$(BIN)/python docs/screenshots.py

clean:
	rm -rf $(VENV) out site
