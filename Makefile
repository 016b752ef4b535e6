# Two commands do everything on a fresh machine: make run, make test.
# The work itself is in build_installer.py, which runs where there is no make as well.

PYTHON ?= python3
DO = @$(PYTHON) build_installer.py
IN = .venv/bin/python -m

.PHONY: help run test setup format screenshots bench soak build pin

help:
	@echo "make run          set up, make the demo offices, open the window"
	@echo "make test         set up, then every check and test"
	@echo "make format       put the code into its one style"
	@echo "make screenshots  draw every page of the demo district office to demo/screenshots"
	@echo "make bench        measure the program against its bare peers"
	@echo "make soak         JOB=merge N=20000 SEED=1: many random histories; JOB=offices N=500: the"
	@echo "                  same through real files (go on: SEED=101, or POSKO_DONE=FILE); JOB=demo: demos;"
	@echo "                  JOB=lists N=100000: what a click costs over very many cases;"
	@echo "                  JOB=workbooks N=100000: damaged and forged workbooks taken in"
	@echo "make build        program folder and .deb under dist/"
	@echo "make pin          requirements.txt anew from pyproject.toml"

run:
	$(DO) run

test:
	$(DO) check

setup:
	$(DO) setup

screenshots:
	$(DO) screenshots

build:
	$(DO) build

pin:
	$(DO) pin

format: setup
	@$(IN) ruff check --fix .
	@$(IN) ruff format .

bench: setup
	@QT_QPA_PLATFORM=offscreen $(IN) pytest tests/bench -p benchmark -q $(ARGS)

JOB ?= merge
N ?= 20000
SEED ?= 1
soak: setup
	@QT_QPA_PLATFORM=offscreen $(IN) tests.soak $(JOB) $(N) $(SEED)
