# Everything goes through .venv; `make demo` and `make test` are all a newcomer needs.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# What is installed for tests; EXTRAS=dev,runners adds the real runners that some tests start.
EXTRAS ?= dev

.PHONY: help demo demo-docker test check bench bench-quick pictures format rules clean

help:
	@echo "make demo         install, then run a night of five benchmarks in about a minute"
	@echo "make demo-docker  the night with containers; needs Docker; ends with a sweep that finds nothing"
	@echo "make test         install with test tools, then run the tests"
	@echo "make check        formatter, linter, type checkers, import contracts, spelling"
	@echo "make bench        the benchmark tables; exits non-zero when a target is missed"
	@echo "make bench-quick  the same tables, fewer rounds, targets with 1.5 times slack"
	@echo "make pictures     take the pictures of docs/pictures anew from real nights; needs Docker"
	@echo "make rules        rebuild configs/rules.json and themes/built.json from their YAML"

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "overnight needs Python 3.11 or newer; $(PYTHON) is $$($(PYTHON) -V 2>&1). Name another: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "Python's venv module is missing. On Debian and Ubuntu: apt-get install python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: $(BIN)/python pyproject.toml constraints.txt
	@echo "installing overnight into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@$(BIN)/python -m compileall -q supervisor  # an editable install is not compiled, and each start would do it
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "installing the test tools into $(VENV) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[$(EXTRAS)]'
	@touch $@

demo: $(VENV)/.run
	@$(BIN)/overnight demo; code=$$?; \
	if [ $$code -eq 1 ]; then \
	  echo "As it should be: \`overnight run\` exited 1, because one task of the demo is broken for good."; \
	else \
	  echo "The demo should exit 1 (one task is broken for good) but exited $$code."; exit 1; \
	fi

# Its runner forgets six containers: the first sweep removes them, the second has nothing to do.
demo-docker: $(VENV)/.run
	@place=$$(mktemp -d) && $(BIN)/overnight demo --docker --dir $$place; code=$$?; \
	if [ $$code -ne 1 ]; then \
	  echo "The demo should exit 1 (one task is broken for good) but exited $$code."; exit 1; \
	fi; \
	$(BIN)/overnight sweep -b $$place --yes && last=$$($(BIN)/overnight sweep -b $$place) && echo "$$last" \
	  && case "$$last" in *"nothing to sweep"*) ;; *) exit 1 ;; esac

test: $(VENV)/.dev
	$(BIN)/python -m pytest -q $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/codespell

format: $(VENV)/.dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

# The table of launch rate is shown, not enforced: on some machines it misses.
bench-quick: $(VENV)/.dev
	$(BIN)/python -m tests.bench --quick --slack 1.5 startup rest growth crash paint terminal big_log containers nights kit pool
	-$(BIN)/python -m tests.bench --quick launch

pictures: $(VENV)/.dev
	$(BIN)/python -m tests.pictures

rules: $(VENV)/.run
	$(BIN)/python -m supervisor.config.packs
	$(BIN)/python -m supervisor.config.themes

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
