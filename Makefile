# The two commands: `make demo` shows the portal with invented municipalities, `make test` tests it.
PY ?= python3
V := .venv
UV := $(V)/boot/bin/uv
RUN := $(V)/env/bin/python
export UV_PYTHON_DOWNLOADS = never
.DEFAULT_GOAL := help

.PHONY: help demo test lint check messages messages-check rights drills pictures bench audit locks system browser validator clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

demo: system $(V)/.demo ## the portal on http://localhost:8000 with invented people (PORT=8001 for another port)
	@$(RUN) -W ignore -m integration_portal.demo

test: system browser $(V)/.dev ## all tests, on PostgreSQL, with a browser (ARGS="-k name" for some)
	@$(RUN) -W ignore -m integration_portal.demo --test $(ARGS)

lint: $(V)/.dev ## style, imports, types, templates
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(V)/env/bin/lint-imports
	@$(RUN) -m mypy
	@$(V)/env/bin/djlint templates --lint --quiet

check: $(V)/.dev ## migrations complete, and production settings without a warning
	@SECRET_KEY=unused DATABASE_URL=postgres:///unused $(RUN) -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	@SECRET_KEY=$$($(RUN) -c 'import secrets; print(secrets.token_urlsafe(50))') DATABASE_URL=postgres:///unused \
	  SITE_URL=https://portal.example.org EMAIL_URL=smtp+tls://user:password@mail.example.org:587 MAIL_FROM=portal@example.org \
	  $(RUN) manage.py check --deploy --fail-level WARNING

messages: $(V)/.dev ## bring the catalogues up to date and compile them; says what is missing
	@$(RUN) scripts/messages.py

messages-check: $(V)/.dev ## fail where a catalogue is incomplete or not up to date
	@$(RUN) scripts/messages.py --check

rights: $(V)/.dev ## write the permission matrix of the tests to where `list_routes` reads it
	@$(RUN) -W ignore scripts/rights.py

drills: system $(V)/.dev ## break the running portal in every way we know (ONLY=name,name ROUNDS=n); two hours
	@ONLY="$(ONLY)" $(if $(ROUNDS),ROUNDS=$(ROUNDS)) $(RUN) -W ignore -m tests.drills

pictures: system browser $(V)/.dev ## make the pictures of the README again
	@$(RUN) -W ignore -m integration_portal.demo --test -q tests/browser/pictures.py

audit: system browser validator $(V)/.dev ## every page in every language and width, and the code (WRITE=1 stores the table)
	@$(RUN) -W ignore -m integration_portal.demo --test -q tests/browser/audit.py $(ARGS)

bench: system $(V)/.dev ## measure our pages beside the floor's, into docs/benchmark.md (QUICK=1, PEERS=1)
	@PYTHONPATH=. $(RUN) -W ignore bench/run.py

locks: $(UV) ## resolve the dependencies anew into requirements/
	$(UV) pip compile -q --universal --generate-hashes --no-annotate --upgrade --custom-compile-command "make locks" --extra demo pyproject.toml -o requirements/demo.txt
	$(UV) pip compile -q --universal --generate-hashes --no-annotate --custom-compile-command "make locks" -c requirements/demo.txt pyproject.toml -o requirements/production.txt
	$(UV) pip compile -q --universal --generate-hashes --no-annotate --upgrade --custom-compile-command "make locks" --extra demo --group dev -c requirements/demo.txt pyproject.toml -o requirements/dev.txt

clean: ## remove the environment, the data and everything made
	rm -rf $(V) .data .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis

# What the PDFs need from the system; nothing happens where it is there already.
system:
	@ldconfig -p | grep -q libpangoft2-1.0.so.0 && ldconfig -p | grep -q libharfbuzz-subset.so.0 || \
	  sh scripts/system.sh libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

# What the tests need as well: the browser, and the tools that open a PDF and check the catalogues.
browser:
	@command -v pdftotext >/dev/null && command -v msgfmt >/dev/null || sh scripts/system.sh poppler-utils gettext
	@command -v chromium-headless-shell >/dev/null || sh scripts/system.sh chromium-headless-shell || \
	  command -v chromium >/dev/null || sh scripts/system.sh chromium

# The checker of HTML, where npm and Java are; without it the audit says that it was not done.
validator:
	@command -v npm >/dev/null && command -v java >/dev/null || exit 0; \
	  test -d $(V)/vnu/node_modules/vnu-jar || npm install --silent --ignore-scripts --no-audit --no-fund --prefix $(V)/vnu vnu-jar

$(UV):
	$(PY) -m venv $(V)/boot
	$(V)/boot/bin/pip install -q uv

$(V)/.demo: requirements/demo.txt | $(UV)
	$(UV) venv -q --allow-existing -p $(PY) $(V)/env
	$(UV) pip install -q -p $(V)/env/bin/python --require-hashes -r requirements/demo.txt
	@touch $@

$(V)/.dev: requirements/dev.txt | $(UV)
	$(UV) venv -q --allow-existing -p $(PY) $(V)/env
	$(UV) pip install -q -p $(V)/env/bin/python --require-hashes -r requirements/dev.txt
	@touch $@ $(V)/.demo
