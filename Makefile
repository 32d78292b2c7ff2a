# The front door. `make run` and `make test` do all set-up themselves and are quick the second time.
#
#   make run                      two sample entries, one Korean, one English
#   make run DIARY="…"            your own sentence, handed over unchanged
#   make test                     the tests
#   make check                    format, lint, types and import contracts
#   make docs                     writes the parts of the docs that come from code
#   make bench                    the benchmarks (results are printed, not kept)
#   make clean                    removes what the others made

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV ?= .venv
# What `make test` and `make check` install; CI adds 'train' and 'hf'.
EXTRAS ?= dev

BIN = $(VENV)/bin
READY = $(VENV)/.installed

KO_SAMPLE = 할머니 생각이 나서 하루 종일 슬펐다. 의자는 아직 못 치웠다.
EN_SAMPLE = We laughed so hard at dinner that nobody could finish the story. I walked home happy.

# The diary reaches printf through one variable of the recipe's shell, raw as it was typed, and is gone from the
# environment before ilgi starts. On a command line it would show in the list of processes, and Make loses line breaks.
unexport DIARY

.PHONY: run test check docs bench clean help

run: export ILGI_TEXT = $(value DIARY)
run: $(READY)-run
ifeq ($(filter environment% command%,$(origin DIARY)),)
	@printf '%s\n\n' '“$(KO_SAMPLE)”'
	@printf '%s' '$(KO_SAMPLE)' | $(BIN)/ilgi recommend -
	@printf '\n%s\n\n' '“$(EN_SAMPLE)”'
	@printf '%s' '$(EN_SAMPLE)' | $(BIN)/ilgi recommend -
else
	@printf '%s' "$$ILGI_TEXT" | env -u ILGI_TEXT $(BIN)/ilgi recommend -
endif

test: $(READY)-$(EXTRAS)
	@$(BIN)/python -m pytest

check: $(READY)-$(EXTRAS)
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

docs: $(READY)-$(EXTRAS)
	@$(BIN)/python tools/docs.py

bench: $(READY)-dev,train
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet pandas
	@$(BIN)/python benchmarks/bench_rank.py
	@$(BIN)/python benchmarks/bench_train.py
	@$(BIN)/python benchmarks/bench_start.py
	@$(BIN)/python benchmarks/bench_aggregate.py
	@$(BIN)/python benchmarks/bench_forest.py

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

help:
	@sed -n '3,9s/^# *//p' Makefile

# One stamp per set of extras; it is older than pyproject.toml when the dependencies may have changed.
$(READY)-run: pyproject.toml
	@test -n "$(PYTHON)" || { echo "ilgi needs Python 3.11 or later: install it, or name it with PYTHON=…" >&2; exit 2; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --editable .
	@touch $@

$(READY)-%: pyproject.toml
	@test -n "$(PYTHON)" || { echo "ilgi needs Python 3.11 or later: install it, or name it with PYTHON=…" >&2; exit 2; }
	@test -x $(BIN)/python || "$(PYTHON)" -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --editable '.[$*]'
	@touch $@ $(READY)-run
