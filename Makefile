# The verbs of the project. `make demo` and `make test` are the only two anybody needs.
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin
export DEBUG ?= 1
# Rules of law, typed as they are tested: one by one.
RULES := territories/consultations/majorities.py territories/consultations/outcome.py territories/consultations/simulation.py territories/consultations/council.py territories/consultations/deadlines.py \
	cooperation/workdays.py cooperation/icalendar.py partners/governance/rules.py projects/ballots/rules.py \
	territories/levers/sharing.py territories/levers/pact_rules.py territories/competences/rules.py projects/convergence/rules.py projects/funding/rules.py projects/effects/rules.py projects/effects/satisfaction.py \
	cooperation/seal.py projects/seal projects/register/scdl.py projects/register/reading.py projects/deliberation/sealing.py projects/deliberation/act_services.py \
	projects/notices/kinds.py projects/notices/services.py projects/notices/posting.py projects/notices/listening.py projects/notices/reminding.py projects/followup/rules.py projects/proposals/places.py projects/proposals/suggestions.py projects/chronicle/words.py projects/chronicle/access.py projects/chronicle/reads.py

.DEFAULT_GOAL := help
.PHONY: help demo test lint format bench shell migrations postgres lock clean setup setup-tests

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
	@$(BIN)/mypy cooperation/workflow.py cooperation/access.py cooperation/jobs.py cooperation/drawing cooperation/printing territories/importers partners/people/access.py partners/people/services.py $(RULES)
	@$(BIN)/python manage.py makemigrations --check --dry-run

format: setup-tests ## rewrite files in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/djade --target-version 5.2 $$(git ls-files '*.html')

bench: setup-tests ## measure lists, imports and printing
	@$(BIN)/python -m tests.bench

shell: setup ## a Python shell on the demo
	@$(BIN)/python manage.py shell

migrations: setup ## write the migrations of a change (NAME=what_it_says APP=projects)
	@$(BIN)/python manage.py makemigrations $(APP) --name $(NAME)

postgres: setup-tests ## start a local PostgreSQL and print its address; Ctrl-C stops it
	@$(BIN)/python -m tests.postgres

lock: setup-tests ## compute the locked dependencies again
	@$(BIN)/pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements-dev.txt

clean: ## remove the environment and the demo database
	@rm -rf .venv var
