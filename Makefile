# `make` lists the targets. Everything is installed into .venv/ in this folder; nothing outside it is touched.

.DEFAULT_GOAL := help
.PHONY: help setup run test lint check format docs gallery screenshots model bench clean

# Tried in this order; the first that is new enough and can make virtual environments is taken.
PYTHONS = python3.13 python3.12 python3.11 python3
# Where to take torch from, for example https://download.pytorch.org/whl/cpu (no CUDA); empty: from PyPI.
TORCH_INDEX =
# The MovieLens 100k folder that `make model` learns from.
DATA = ml-100k

VENV = .venv
PYTHON = $(VENV)/bin/python
READY = $(VENV)/.ready
UNFINISHED = $(VENV)/.unfinished
BENCHMARKS = benchmarks.startup benchmarks.pictures benchmarks.titles benchmarks.daylight
PIP = $(PYTHON) -m pip install --disable-pip-version-check --constraint constraints.txt
# A plain path to this folder; the other way keeps a list of packages, which a new folder would not be on.
EDITABLE = --config-settings editable_mode=compat --editable '.[dev]'

help: ## list the targets
	@echo "make run starts the bot, make test tests it; each sets everything up on its first use."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile

setup: $(READY) ## install everything into .venv/ (again only when the requirements changed)

run: $(READY) ## start the bot: the local thread is at http://127.0.0.1:8000
	@$(PYTHON) -m bot run

test: $(READY) ## run the tests
	@$(PYTHON) -m pytest

lint: $(READY) ## check format, lint and types
	@bad=; \
	$(PYTHON) -m ruff format --check . || bad=1; \
	$(PYTHON) -m ruff check . || bad=1; \
	$(PYTHON) -m pyright || bad=1; \
	test -z "$$bad"

check: lint test ## all checks: format, lint, types, tests (which also compare the docs)

format: $(READY) ## put the code into its format, and mend what ruff can mend
	@$(PYTHON) -m ruff format .
	@$(PYTHON) -m ruff check --fix .

docs: $(READY) ## write docs/commands.md anew from the commands
	@$(PYTHON) -m docs.build

gallery: $(READY) ## draw the pictures of docs/gallery.md anew
	@$(PYTHON) -m docs.gallery

screenshots: $(READY) ## take the README's pictures of the thread anew (needs Chromium)
	@$(PYTHON) -m docs.screenshots

model: $(READY) ## train the shipped model again from MovieLens 100k (DATA=folder)
	@$(PYTHON) -m bot train --data $(DATA) --out engine/data/movielens-100k.safetensors

bench: $(READY) ## run the benchmarks (benchmarks/README.md)
	@for each in $(BENCHMARKS); do echo "== $$each"; $(PYTHON) -m $$each || exit 1; done

clean: ## delete .venv/ and the caches
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis *.egg-info build
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# .unfinished lies in .venv while an installation runs. Found at the start, it tells of one that was interrupted;
# that .venv is thrown away, for a half-written package can look complete to pip. The same goes for a .venv whose
# Python has gone from the machine (its link then leads nowhere, which make takes for a missing file).
$(READY): pyproject.toml constraints.txt $(PYTHON)
	@if [ -e $(UNFINISHED) ]; then echo "The last installation was interrupted: starting afresh."; rm -rf $(VENV); fi
	@if ! $(PYTHON) -c '' 2>/dev/null; then rm -rf $(VENV); fi
	@if ! { mkdir -p $(VENV) && : > $(UNFINISHED); } 2>/dev/null; then \
		echo "I cannot write to $(VENV)/ in $$(pwd): make that folder writable for you." >&2; exit 1; fi
	@$(MAKE_VENV)
	@{ [ -z "$(TORCH_INDEX)" ] || $(PIP) --no-deps --index-url "$(TORCH_INDEX)" torch; } \
		&& $(PIP) $(EDITABLE) \
		|| { echo "The installation stopped before its end (see above): 'make setup' starts it again." >&2; exit 1; }
	@rm -f $(UNFINISHED)
	@touch $(READY)
	@echo "Ready."

$(PYTHON): ;

define MAKE_VENV
if [ -e $(PYTHON) ]; then exit 0; fi; \
new=; \
for python in $(PYTHONS); do \
	"$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
	new="$$python"; \
	"$$python" -c 'import ensurepip, venv' 2>/dev/null || continue; \
	echo "Setting up $(VENV)/ with $$python ($$("$$python" -V)); the first time takes a few minutes."; \
	"$$python" -m venv $(VENV) && exit 0; \
done; \
if [ -n "$$new" ]; then echo "$$new cannot make virtual environments: install its venv module" \
	"(on Debian and Ubuntu: apt install python3-venv), then try again." >&2; \
else echo "I need Python 3.11 or newer, and found none: install it from https://www.python.org/downloads/" \
	"or with your package manager, then try again." >&2; fi; \
rm -rf $(VENV); \
exit 1
endef
