# make run and make test set everything up themselves (scripts/setup.sh); a second run installs nothing.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
export PYTHON
BIN := .venv/bin
PACKAGES := imu firmware_profiles gui
# Some machines forbid Python to keep its bytecode; each program that a test starts would then translate everything anew.
test coverage: export PYTHONDONTWRITEBYTECODE :=

.PHONY: help run test test-bluez check bench setup format lint layers types spelling coverage constraints screens wheel clean distclean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## the dashboard with a simulated runner; without a display: the same offscreen, results in out/
	@scripts/setup.sh run
	@scripts/run_demo.sh $(ARGS)

test: setup ## the whole test suite (ARGS="-k ring" for a part of it)
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

test-bluez: setup ## the virtual sensors against the real bluetoothd and kernel, in a virtual machine (Linux, QEMU)
	@$(BIN)/python scripts/bluez_vm.py

check: ## every gate, in the order of .ci/run, up to the first red one
	@.ci/run

bench: ## the benchmarks, figures as ratios measured in the same run
	@scripts/setup.sh bench
	@$(BIN)/python -m pytest benchmarks --benchmark-only -p no:randomly -o timeout=900 $(ARGS)

setup: ## the test environment only
	@scripts/setup.sh test

format: setup ## is the layout of the code the formatter's? (make format FIX=1 rewrites it)
	@$(BIN)/ruff format $(if $(FIX),,--check) .

lint: setup ## ruff's rules
	@$(BIN)/ruff check $(if $(FIX),--fix) .

layers: setup ## who may import whom
	@$(BIN)/lint-imports --no-logo

types: setup ## mypy --strict
	@$(BIN)/mypy $(PACKAGES:%=-p %)

spelling: setup ## codespell
	@$(BIN)/codespell

coverage: setup ## branches of the kernels reached by their own tests, as plain Python
	@scripts/kernel_coverage.sh

constraints: ## constraints.txt again, from pyproject.toml
	@scripts/export_constraints.sh

screens: setup ## the pictures in docs/screens anew: every page, both themes and languages
	@QT_QPA_PLATFORM=offscreen $(BIN)/python scripts/make_screens.py

wheel: setup ## dist/*.whl
	@$(BIN)/python -m pip wheel -q --no-deps --no-build-isolation -w dist . && ls dist

clean: ## what runs and tests leave behind
	@rm -rf build dist out .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .benchmarks .coverage* htmlcov
	@find $(PACKAGES) benchmarks tests -name __pycache__ -prune -exec rm -rf {} +

distclean: clean ## the same and the virtual environment
	@rm -rf .venv
