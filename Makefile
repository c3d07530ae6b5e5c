# Two commands: `make run` serves the app, `make test` proves it. Both install what they need first.
SHELL := /bin/bash
PYTHON ?= python3
PORT ?= 8501
# Only this machine, unless another address is asked for; HOSTS are the names that it is then asked for by.
HOST ?= 127.0.0.1
HOSTS ?=
BIN := .venv/bin
# The environment carries the checksum of the pins it was made from; another checksum, or none: made anew.
PINS := $(shell sha256sum requirements.lock 2>/dev/null | cut -c1-16)
READY := .venv/ready-$(PINS)
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: run test attack setup lint types check-chromium bench fuzz lock clean

run: setup
	@$(BIN)/python -m pipelines build
	@echo "Liberómetro: http://localhost:$(PORT)"
	@exec $(BIN)/python -m streamlit run app.py --server.port $(PORT) --server.address $(HOST) \
		$(if $(HOSTS),$(foreach name,localhost 127.0.0.1 $(HOSTS),--server.allowedHosts $(name)))

test: setup check-chromium lint types
	$(BIN)/python -m pytest -n logical --dist worksteal --durations 30 --durations-min 10

# What is too long for every test run: each module of tests/attacks, and a table of what held.
attack: setup check-chromium
	$(BIN)/python -m tests.attacks

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

bench: setup
	$(BIN)/python -m tests.benchmarks

FUZZ_RUNS ?= 100000
fuzz: setup
	$(BIN)/python -m tests.fuzz $(FUZZ_RUNS)

setup: $(READY)

$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(MAKE) --no-print-directory debian-venv
	@echo "Installing the pinned dependencies into .venv (once; again when the pins change)"
	@$(PYTHON) -m venv --clear .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@touch $@

# Debian keeps venv in a package of its own, and Chromium is Debian's: both come by themselves where we may.
.PHONY: debian-venv
debian-venv:
	@if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq python3-venv >/dev/null; \
	else \
		echo "Python's venv is missing. Install it and try again: sudo apt-get install python3-venv"; exit 1; \
	fi

# The tests start a PostgreSQL of their own: Debian's package need not make one for the whole machine.
CLUSTERS := /etc/postgresql-common/createcluster.d
check-chromium:
	@beside="/usr/sbin$$(printf ':%s' /usr/lib/postgresql/*/bin)"; \
	missing=""; for name in chromium nginx java strace systemd-analyze initdb ip; do \
		PATH="$$PATH:$$beside" command -v $$name >/dev/null || missing="$$missing $$name"; \
	done; missing="$${missing/nginx/nginx-light}"; missing="$${missing/java/default-jre-headless}"; \
	missing="$${missing/systemd-analyze/systemd}"; missing="$${missing/initdb/postgresql}"; missing="$${missing/%ip/iproute2}"; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing Debian's$$missing for the tests"; \
		mkdir -p $(CLUSTERS); echo 'create_main_cluster = false' >$(CLUSTERS)/tests.conf; \
		trap 'rm $(CLUSTERS)/tests.conf' EXIT; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else \
		echo "Some tests need Debian's$$missing and will say that they were skipped: sudo apt-get install$$missing"; \
	fi

lock:
	$(BIN)/uv pip compile --universal --python-version 3.11 --generate-hashes --extra ocr --extra machines --extra mcp --extra dev --no-emit-index-url \
		--no-header --quiet pyproject.toml --output-file requirements.lock

clean:
	rm -rf .venv data/build
