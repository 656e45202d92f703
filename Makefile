PYTHON ?= python3
FLAGS ?=

.PHONY: run test quick app

run:  ## set up, then track the built-in scene; results in results/
	$(PYTHON) bootstrap.py $(FLAGS) demo --out results

test:  ## set up, then lint, types and all tests
	$(PYTHON) bootstrap.py $(FLAGS) test

quick:  ## set up, then lint, types and the quick tests
	$(PYTHON) bootstrap.py $(FLAGS) quick

app:  ## set up, then open the desktop app
	$(PYTHON) bootstrap.py $(FLAGS)
