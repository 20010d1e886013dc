# Everything runs in a virtual environment of the project's own, .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help run test check format clean

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

run: $(READY) ## set everything up and start breeding
	@$(BIN)/fancier

test: $(READY) ## set everything up and run the tests
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n auto --dist worksteal

check: $(READY) ## lint and type-check
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy tests/public_types.py
	$(BIN)/mypy -p benchmarks

format: $(READY) ## format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## remove what was set up
	rm -rf $(VENV)

# torch first and by its exact version, so that nothing else draws in a larger build of it. At the
# end the embedded model is prepared for this CPU, so that the first start need not do it.
$(READY): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "fancier needs Python 3.11 or newer: make $(MAKECMDGOALS) PYTHON=python3.11"; exit 1; }
	@echo "setting up in $(VENV) (some minutes, once) ..."
	@$(PYTHON) -m venv $(VENV)
	@echo "  1 of 3: torch (the largest part)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt torch
	@echo "  2 of 3: the other libraries"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev,openvino]'
	@echo "  3 of 3: the embedded model, for this CPU"
	@$(BIN)/python -m evolve.rendering.tuning.calibration
	@touch $@
