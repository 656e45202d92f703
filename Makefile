PYTHON ?= python3

.PHONY: run test app

run:  ## set up, then track the built-in scene; results in results/
	$(PYTHON) bootstrap.py demo --out results

test:  ## set up, then lint, types and all tests
	$(PYTHON) bootstrap.py test

app:  ## set up, then open the desktop app
	$(PYTHON) bootstrap.py
