# Backprop Explorer. `make` alone lists what there is.
#
# Everything is kept inside the checkout: Python packages, and with them Node, in .venv, npm packages in node_modules.
# The stamp files tell make what is installed already, so a second run starts at once.

PYTHON ?= python3
ARGS ?=
REQUESTS ?= 10000
SECONDS ?= 60
CLIENTS ?= 32
LINKS ?= 2000

venv := .venv
python := $(venv)/bin/python
with_node := PATH="$(CURDIR)/$(venv)/bin:$$PATH"
tool := $(with_node) node_modules/.bin
pip_install := $(python) -m pip install -qq --disable-pip-version-check --require-hashes -r
side_by_side := --numprocesses auto --maxprocesses 4 --dist worksteal
wire := static/js/server/wire.d.ts
version = $(shell sed -n 's/^__version__ = "\(.*\)"$$/\1/p' app/__init__.py)

export OPENBLAS_NUM_THREADS := 1

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run test lint types-check js-test py-test browser-test fuzz torch-test vendor-check wire bench load picture wheel lock vendor licences docker audit sbom clean

help: ## show this list
	@echo 'Backprop Explorer'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)
	@echo
	@echo 'Options of the app go in ARGS: make run ARGS="--port 9000 --no-browser"'

# --- use -------------------------------------------------------------------------------------------------------------

run: $(venv)/run.stamp ## install what the app needs, start it, open the page
	@$(python) -m app $(ARGS)

docker: ## build the container image backprop-explorer, tagged with its version too
	docker build --tag backprop-explorer --tag backprop-explorer:$(version) .
	@echo 'Start it with: docker run --rm --read-only --publish 127.0.0.1:8000:8000 backprop-explorer'

# --- check -----------------------------------------------------------------------------------------------------------

test: dev browser engines proxy ruff mypy vendor-check wire-check biome tsc js-test py-test browser-test ## every check there is, with its own set-up

lint: dev ruff biome ## style of Python, JavaScript, CSS

types-check: dev mypy wire-check tsc ## types of Python, of JavaScript, and between the two

js-test: dev ## unit tests of the front end
	@echo '== node --test: unit tests of the front end'
	@$(with_node) node --test 'tests/js/**/*.test.js'

py-test: $(venv)/dev.stamp ## tests of the back end, without a browser
	@echo '== pytest: the back end'
	@$(python) -m pytest $(side_by_side) -m 'not browser' $(ARGS)

browser-test: $(venv)/dev.stamp browser ## tests of the page in a real browser
	@echo '== pytest: the page, in a browser'
	@$(python) -m pytest $(side_by_side) -m browser $(ARGS)

fuzz: dev browser ## ask 10,000 times what nobody would, damage as many texts, open links: REQUESTS=…, LINKS=… for other numbers
	@BACKPROP_FUZZ=$(REQUESTS) $(python) -m pytest tests/test_fuzz.py tests/api/test_description.py tests/core/formulas/test_mutated.py tests/tables/test_broken.py tests/models/test_broken.py
	@$(with_node) BACKPROP_FUZZ=$(REQUESTS) node --test tests/js/state/links.fuzz.test.js
	@BACKPROP_FUZZ_LINKS=$(LINKS) $(python) -m pytest tests/browser/test_links.py

torch-test: $(venv)/dev.stamp ## run the PyTorch scripts of the page too: TORCH_PYTHON=a Python that has torch
	@echo '== pytest: the scripts that the page gives, PyTorch included'
	@BACKPROP_TORCH_PYTHON=$(TORCH_PYTHON) $(python) -m pytest tests/test_exports.py tests/api/test_formulas.py tests/test_explore.py

vendor-check: $(venv)/dev.stamp ## vendored files and fonts against their hashes
	@echo '== vendor check: every vendored file is what its package shipped'
	@$(python) -m tests.tools.vendor check

.PHONY: dev browser engines proxy ruff mypy wire-check biome tsc

ruff: $(venv)/dev.stamp
	@echo '== ruff check: mistakes and habits in Python'
	@$(python) -m ruff check --quiet
	@echo '== ruff format: layout of Python'
	@$(python) -m ruff format --check --quiet --diff

mypy: $(venv)/dev.stamp
	@echo '== mypy: types of Python'
	@$(python) -m mypy

wire-check: dev $(venv)/wire.d.ts
	@echo '== wire types: $(wire) is what the API says'
	@diff -u $(wire) $(venv)/wire.d.ts || { echo 'They differ: run `make wire`.'; exit 1; }

biome: dev
	@echo '== biome: mistakes and layout in JavaScript and CSS'
	@$(tool)/biome ci --colors=off --error-on-warnings

tsc: dev
	@echo '== tsc: types of JavaScript'
	@$(tool)/tsc --project .

# --- change ----------------------------------------------------------------------------------------------------------

wire: dev $(venv)/wire.d.ts ## write the types of the API anew, for the front end
	@cp $(venv)/wire.d.ts $(wire)
	@echo 'Wrote $(wire)'

bench: $(venv)/dev.stamp browser ## measure how fast it is, as one table of ratios: ARGS="step page" for parts
	@$(python) -m tests.bench $(ARGS)

load: $(venv)/dev.stamp ## a class at one server, then at one whose workers are killed: SECONDS=… CLIENTS=…
	@$(python) -m tests.bench.load --seconds $(SECONDS) --clients $(CLIENTS)
	@$(python) -m tests.bench.load --seconds $(SECONDS) --clients $(CLIENTS) --kill

picture: $(venv)/dev.stamp browser ## take the pictures of the page
	@$(python) -m tests.tools.picture $(ARGS)

wheel: $(venv)/dev.stamp ## build the tool as a wheel, page and all: dist/backprop_explorer-*.whl
	@$(venv)/bin/uv build --quiet --wheel --out-dir dist .
	@ls dist/*.whl

vendor: dev ## copy the vendored files from their packages, by package.json
	@$(python) -m tests.tools.vendor update
	@$(python) -m tests.tools.vendor check

lock: $(venv)/dev.stamp ## choose the newest versions that pyproject.toml allows
	@echo 'Locking …'
	@$(lock_one) --upgrade --extra onnx pyproject.toml --output-file requirements.lock
	@$(lock_one) --upgrade --extra dev --constraints requirements.lock pyproject.toml --output-file requirements-dev.lock

lock_one = $(venv)/bin/uv pip compile --quiet --no-config --universal --python-version 3.11 --fork-strategy fewest \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock'

licences: $(venv)/dev.stamp ## list anew whose work is delivered, in docs/licences.md
	@$(python) -m tests.tools.licences

# Both fetch the tools that do it, and ask the registries; so no other target needs them.
audit: dev ## ask whether a locked version has a known weakness (needs the network)
	@found=0; \
	$(venv)/bin/uv tool run pip-audit@2.10.1 --disable-pip --require-hashes --requirement requirements-dev.lock || found=1; \
	$(with_node) npm audit || found=1; \
	exit $$found

sbom: dev ## list all parts in CycloneDX: sbom-server.json, sbom-page.json (needs the network)
	@$(venv)/bin/uv tool run --from cyclonedx-bom==7.5.0 cyclonedx-py requirements requirements.lock --output-file sbom-server.json
	@$(with_node) npm sbom --sbom-format cyclonedx --package-lock-only > sbom-page.part
	@mv sbom-page.part sbom-page.json
	@echo 'Wrote sbom-server.json and sbom-page.json'

clean: ## remove all that was installed or generated
	rm -rf dist sbom-server.json sbom-page.json sbom-page.part $(venv) node_modules .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	find app tests -name __pycache__ -prune -exec rm -rf {} +

# --- set-up ----------------------------------------------------------------------------------------------------------

dev: $(venv)/dev.stamp node_modules/.stamp

$(venv)/made.stamp:
	@command -v $(PYTHON) >/dev/null || { echo 'Python 3.11 or newer is needed: name it with make PYTHON=…'; exit 1; }
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; sys.version_info >= (3, 11) or \
		sys.exit(f"Python 3.11 or newer is needed; {sys.executable} is {v}. Name another with make PYTHON=python3.13")'
	@echo 'Making $(venv) …'
	@$(PYTHON) -m venv $(venv)
	@touch $@

$(venv)/run.stamp: requirements.lock | $(venv)/made.stamp
	@echo 'Installing what the app needs …'
	@$(pip_install) requirements.lock
	@touch $@

$(venv)/dev.stamp: requirements-dev.lock | $(venv)/made.stamp
	@echo 'Installing what the app and its tests need …'
	@$(pip_install) requirements-dev.lock
	@touch $@ $(venv)/run.stamp

node_modules/.stamp: package.json package-lock.json .npmrc | $(venv)/dev.stamp
	@echo 'Installing the tools of the front end …'
	@$(with_node) npm ci --silent || { $(with_node) npm ci; exit 1; }
	@touch $@

browser: $(venv)/dev.stamp
	@echo "Browser: $$($(python) -m tests.tools.browser --install)"

engines: $(venv)/dev.stamp
	@$(python) -m tests.tools.engines --install

proxy: $(venv)/dev.stamp
	@echo "Proxy: $$($(python) -m tests.tools.proxy --install)"

$(venv)/openapi.json: FORCE | $(venv)/dev.stamp
	@$(python) -m tests.tools.openapi > $@

$(venv)/wire.d.ts: $(venv)/openapi.json | node_modules/.stamp
	@$(tool)/openapi-typescript $(venv)/openapi.json --output $@ >/dev/null

.PHONY: FORCE
FORCE:
