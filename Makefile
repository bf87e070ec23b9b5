# Every target sets up what it needs: a virtual environment in .venv, rebuilt only when the lock changes.
BIN := .venv/bin
READY := .venv/.ready
PY := $(BIN)/python
NOTEBOOKS = $(wildcard notebooks/*.ipynb notebooks/*/*.ipynb)
.DEFAULT_GOAL := help
.PHONY: help app lab test check bench study samples words

help: ## say what can be done here
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' Makefile | expand -t 16

app: $(READY) ## open the pages in the browser
	$(BIN)/engage app $(ARGS)

lab: $(READY) ## open the same notebooks in JupyterLab, to read and change
	$(BIN)/engage lab $(ARGS)

test: $(READY) ## run every test (a few of them: make test ARGS="tests/unit -k store")
ifdef ARGS
	$(PY) -m pytest $(ARGS)
else
	@status=0; \
	$(PY) -m pytest -n 2 -m "not browser" || status=1; \
	$(PY) -m pytest -m browser || status=1; \
	exit $$status
endif

check: $(READY) ## format, lint, types, house rules, notebooks without outputs
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy engage
	$(PY) tools/check_house.py
	$(if $(NOTEBOOKS),$(BIN)/nbstripout --verify --keep-id $(NOTEBOOKS))

bench: $(READY) ## measure speed and memory beside peers, and write docs/figures.md
	$(PY) benchmarks/run.py $(ARGS)

study: $(READY) ## repeat the simulations behind the rules (slow)
	@for script in tools/study_*.py; do echo "== $$script"; $(PY) $$script || exit 1; done

samples: $(READY) ## make data/samples again
	$(PY) tools/make_samples.py

words: $(READY) ## collect every sentence, update the catalogs, write the notebooks of each language
	$(PY) tools/make_words.py

$(READY): pyproject.toml requirements.lock
	@if ! $(PY) -c 'import pip' 2>/dev/null; then \
	  for python in python3.13 python3.12 python3.11 python3 none; do \
	    $$python -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	  done; \
	  if [ $$python = none ]; then \
	    echo "engage needs Python 3.11 or newer, with its venv part. On Debian and Ubuntu:"; \
	    echo "  sudo apt-get install python3 python3-venv"; exit 1; \
	  fi; \
	  echo "Making .venv with $$($$python --version)"; $$python -m venv --clear .venv; \
	fi
	@echo "Installing what requirements.lock names; the first time takes a few minutes."
	@$(PY) -m pip install --quiet --disable-pip-version-check -r requirements.lock
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(READY)
