# The verbs of the project. `make demo` and `make test` are the only two anybody needs.
PORT ?= 8000
# The Python of a distribution is compiled after a profile of it, one that pyenv compiles is not: a sixth slower.
FITTING := import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(or $(shell /usr/bin/python3 -c '$(FITTING)' 2>/dev/null && echo /usr/bin/python3),python3)
BIN := .venv/bin
LOCK := $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links
export DEBUG ?= 1
unexport PYTHONDONTWRITEBYTECODE # or each process compiles everything again
# What is typed: whatever holds rights, verbs or rules, reads official files, prints or draws, under the names of the
# house; then the rules that have names of their own.
TYPED := '*/access.py' '*_access.py' '*/choosing.py' '*/workflow.py' '*/services.py' '*_services.py' '*/rules.py' '*_rules.py' \
	'*/importers/*.py' 'cooperation/printing/*.py' 'cooperation/drawing/*.py' 'projects/seal/*.py' 'projects/report/*.py' 'projects/totals/*.py' \
	cooperation/answering.py cooperation/calls.py cooperation/difference.py cooperation/history.py cooperation/icalendar.py cooperation/jobs.py cooperation/letters.py \
	cooperation/paging.py cooperation/seal.py cooperation/shared.py cooperation/spelling.py cooperation/tables.py cooperation/texts.py cooperation/workdays.py \
	partners/governance/conduct.py partners/governance/plausibility.py territories/consultations/council.py territories/consultations/deadlines.py territories/consultations/majorities.py \
	territories/consultations/outcome.py territories/consultations/simulation.py territories/levers/sharing.py territories/levers/versions.py \
	projects/chronicle/reads.py projects/deliberation/sealing.py projects/effects/satisfaction.py \
	projects/ballots/counting.py projects/ballots/sealing.py projects/ballots/urgency.py projects/convocation/posting.py projects/deliberation/majorities.py projects/deliberation/planning.py projects/deliberation/timing.py \
	projects/notices/kinds.py projects/notices/listening.py projects/notices/meetings.py projects/notices/posting.py \
	projects/notices/reminding.py projects/proposals/places.py projects/proposals/suggestions.py projects/register/reading.py projects/register/scdl.py

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench proof shell migrations postgres lock clean setup setup-tests

help: ## show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup:
	@sh deploy/setup.sh $(PYTHON) requirements.txt

setup-tests:
	@sh deploy/setup.sh $(PYTHON) requirements-dev.txt chromium

demo: setup ## start the platform on the demo territory (PORT=8000)
	@$(BIN)/python manage.py demo --port $(PORT)

test: setup-tests ## the whole suite, on SQLite and on PostgreSQL
	@$(BIN)/python -m tests.run

lint: setup-tests ## style, imports, types, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djade --check --target-version 5.2 $$(git ls-files '*.html')
	@$(BIN)/mypy $$(git ls-files $(TYPED) ':!tests' ':!*views.py' ':!*forms.py')
	@$(BIN)/python manage.py makemigrations --check --dry-run

format: setup-tests ## rewrite files in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djade --target-version 5.2 $$(git ls-files '*.html')

bench: setup-tests ## measure lists, imports and printing
	@$(BIN)/python -m tests.bench

proof: setup-tests ## play the promises in full: 200 clients at once, 20 readers beside prints, 5,000 walks (20 minutes)
	@$(BIN)/python -m tests.live_load
	@$(BIN)/python -m tests.crowd
	@WALKS=5000 $(BIN)/python -m pytest -n 0 -s -k random tests/projects/test_walks.py tests/projects/test_live_rules.py tests/projects/test_seal.py

shell: setup ## a Python shell on the demo
	@$(BIN)/python manage.py demo --prepare-only
	@$(BIN)/python manage.py shell --verbosity 0 # or it lists what it could not import

migrations: setup ## write the migrations of a change (NAME=what_it_says APP=projects)
ifdef NAME
	@$(BIN)/python manage.py makemigrations $(APP) --name $(NAME)
else
	@$(BIN)/python manage.py makemigrations $(APP) --check || \
		{ echo "Une migration dit ce qu’elle fait : make migrations NAME=ce_qu_elle_fait APP=projects"; exit 1; }
endif

postgres: setup-tests ## start a local PostgreSQL and print its address; Ctrl-C stops it
	@$(BIN)/python -m tests.postgres

lock: setup-tests ## compute the locked dependencies again
	@$(BIN)/pip install --quiet --require-hashes -r requirements-uv.txt
	@$(LOCK) pyproject.toml -o requirements.txt
	@$(LOCK) --extra dev pyproject.toml -o requirements-dev.txt
	@echo uv | $(LOCK) - -o requirements-uv.txt

clean: ## remove the environment and the demo database
	@rm -rf .venv var
