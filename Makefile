# Everything sets itself up: a machine needs Python >= 3.11 with venv, and make.
PYTHON ?= python3
TOOLS := .tools
UV := $(TOOLS)/bin/uv
VENV := .venv/.complete
DEMO ?= .demo

.PHONY: setup run test check lint types arrows tests bench chaos catalogue records pictures clean

setup: $(VENV)

$(UV):
	$(PYTHON) -m venv $(TOOLS)
	$(TOOLS)/bin/python -m pip install --quiet --disable-pip-version-check uv==0.13.9

$(VENV): pyproject.toml uv.lock | $(UV)
	$(UV) sync --locked --quiet --compile-bytecode
	.venv/bin/python -m compileall -q clerk screens widgets storage
	@touch $@

# The workstation on the demo city: everything in it is invented.
run: $(VENV)
	.venv/bin/clerk --home $(DEMO) demo

test: $(VENV) lint types arrows tests

lint: $(VENV)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .

types: $(VENV)
	.venv/bin/mypy

arrows: $(VENV)
	.venv/bin/lint-imports

tests: $(VENV)
	.venv/bin/pytest -n 2

# Eight workstations, and everything that can happen to them and their server, each minute by another
# seed; then kill -9 at every statement of synchronising. make chaos MINUTES=5; SEED=… runs one again.
chaos: $(VENV)
	MINUTES="$(MINUTES)" SEED="$(SEED)" .venv/bin/python -m tests.chaos
	$(if $(SEED),,EVERY=1 .venv/bin/pytest -n 2 --timeout 0 tests/hub/test_crash_sync.py)

# Every figure beside its floor, as ratios of one run.
bench: $(VENV)
	.venv/bin/python -m bench

# The German catalogue: collect the strings, keep the translations, compile, name the gaps. Fill them
# in clerk.po and run it again.
LOCALE := clerk/locale
PO := $(LOCALE)/de/LC_MESSAGES/clerk.po
catalogue: $(VENV)
	.venv/bin/pybabel -q extract -F babel.cfg -k N_ --no-location --sort-output -w 100 \
		--project=clerk --version=1 --header-comment="# The strings of clerk. Made by make catalogue." \
		-o $(LOCALE)/clerk.pot clerk screens widgets storage
	sed -i '/^"POT-Creation-Date/s/: .*/: 2026-01-01 00:00+0000\\n"/' $(LOCALE)/clerk.pot
	.venv/bin/pybabel -q update -D clerk -i $(LOCALE)/clerk.pot -o $(PO) -l de -w 100 \
		--no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date
	.venv/bin/pybabel -q compile -D clerk -d $(LOCALE)
	.venv/bin/python -m tests.catalogue_gaps $(PO)

records: $(VENV)
	.venv/bin/python -m storage.tables records
	.venv/bin/ruff format -q storage/records.py

# The pictures of README and handbook, from the real program.
pictures: $(VENV)
	.venv/bin/python -m docs.pictures.make

clean:
	rm -rf .venv $(TOOLS) .demo .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis
