# make: set up .venv · make serve, test, recipes, docs, export, dist, bench, lint, format, chapter,
# audit, requirements: as CONTRIBUTING.md says.
# PYTHON=/path/to/python3 chooses the interpreter that .venv is made with.

PY := .venv/bin/python
PIP := $(PY) -m pip install --quiet --disable-pip-version-check
LOCK = .venv/bin/uv pip compile --quiet --universal --python-version 3.12 --no-python-downloads \
	--generate-hashes --custom-compile-command 'make requirements' $(ARGS)
OUT := site
RECIPES := tests/recipes

BESIDE := docs/_build/beside

.PHONY: setup serve test recipes docs export dist bench lint format chapter audit requirements test-programs
setup: .venv/run.stamp

# A .venv without pip, or whose interpreter is broken or too old, counts as missing.
ifneq ($(shell test -x $(PY) && \
	$(PY) -c 'import pip, sys; print(sys.version_info >= (3, 12))' 2>&1),True)
.PHONY: $(PY)
endif
$(PY):
	@tools/python.sh >/dev/null
	rm -rf .venv
	"$$(tools/python.sh)" -m venv .venv

.venv/run.stamp: $(PY) requirements/run.txt pyproject.toml
	@echo 'Installing into .venv what the app needs (once, about a minute) …'
	$(PIP) --require-hashes -r requirements/run.txt
	$(PIP) --no-build-isolation --no-deps --editable .
	@touch $@

.venv/dev.stamp: .venv/run.stamp requirements/dev.txt
	$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

node_modules/.stamp: package-lock.json .npmrc
	@command -v npm >/dev/null || tools/test-programs.sh
	npm ci --silent
	@touch $@

serve: .venv/run.stamp
	$(PY) -m app serve $(ARGS)

export: .venv/run.stamp
	$(PY) -m app export $(OUT)

dist: .venv/run.stamp
	$(PY) -m hatchling build --clean

test: lint test-programs
	$(if $(wildcard tests/js/*.test.js),node --test $(wildcard tests/js/*.test.js))
	$(PY) -m pytest --numprocesses 2 --dist worksteal $(ARGS)

# Blogs of other programs, built as docs/embedding.md says (what one needs and lacks here skips it),
# and the documentation, in a browser.
recipes: .venv/dev.stamp test-programs docs $(RECIPES)/.venv/.stamp $(RECIPES)/node_modules/.stamp
	@tools/test-programs.sh hugo jekyll || true
	$(PY) -m pytest -m recipes -rs $(RECIPES) $(ARGS)

# The documentation site, in docs/_build/html, with the exported pages in its folder site/.
docs: docs/.venv/.stamp
	rm -rf docs/_build docs/api/generated
	docs/.venv/bin/python -m app export $(BESIDE)/site
	cp docs/post.html docs/post-*.svg $(BESIDE)
	PYTHONPATH="$(CURDIR)" docs/.venv/bin/python -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html

docs/.venv/.stamp: $(PY) requirements/docs.txt
	$(PY) -m venv --clear docs/.venv
	docs/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements/docs.txt
	@touch $@

$(RECIPES)/.venv/.stamp: $(PY) requirements/recipes.txt
	$(PY) -m venv --clear $(RECIPES)/.venv
	$(RECIPES)/.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		--requirement requirements/recipes.txt
	@touch $@

$(RECIPES)/node_modules/.stamp: $(RECIPES)/package-lock.json $(RECIPES)/.npmrc | test-programs
	npm ci --silent --prefix $(RECIPES)
	@touch $@

test-programs:
	@tools/test-programs.sh

bench: .venv/dev.stamp test-programs
	$(PY) -m bench $(ARGS)
	$(PY) -m bench.counting
	$(PY) -m bench.measures
	$(PY) -m bench.maps

lint: .venv/dev.stamp node_modules/.stamp
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	node_modules/.bin/biome ci --error-on-warnings
	node_modules/.bin/tsc

format: .venv/dev.stamp node_modules/.stamp
	.venv/bin/ruff check --fix
	.venv/bin/ruff format
	node_modules/.bin/biome check --write

chapter: .venv/dev.stamp
	$(PY) -m tools.new_chapter $(NAME)

audit: .venv/dev.stamp
	@PYTHON=$(PY) tools/audit.sh

requirements: .venv/dev.stamp node_modules/.stamp
	$(LOCK) pyproject.toml --extra rooms --group build --output-file requirements/run.txt
	$(LOCK) pyproject.toml --group build --group dev --constraint requirements/run.txt \
		--output-file requirements/dev.txt
	$(LOCK) pyproject.toml --group docs --constraint requirements/dev.txt \
		--output-file requirements/docs.txt
	$(LOCK) --group recipes --output-file requirements/recipes.txt
	$(PY) tools/vendor.py
