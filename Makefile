# sysparm. `make help` says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test lint package instance bench fuzz setup format instance-binary console-page

# Every recipe runs with the pinned tools in front.
TOOLS := . tools/environment.sh && use_wasm32 &&
NODE_TEST := node --import tsx --test --test-reporter=spec
PORT ?= 8787
ROWS ?= 10000
DATA ?=
export PORT ROWS DATA

help: ## What each command does
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

setup: ## Installs what is missing (the other commands do it by themselves)
	@tools/setup

run: setup package instance-binary ## The console, a practice instance and the edge worker, on loopback
	@$(TOOLS) npm run --silent build -w sysparm-console && node --import tsx tools/run.ts

instance: setup instance-binary ## The practice instance alone: PORT= (8787), ROWS= (10000) or DATA=event-log.csv
	@$(TOOLS) target/fast/sysparm-instance --port $(PORT) $(if $(DATA),--data "$(DATA)",--rows $(ROWS))

package: setup ## Leaves the npm package in pkg/
	@$(TOOLS) node --import tsx tools/package.ts

test: setup package instance-binary ## Every test there is; SYSPARM_EVENT_LOG=event-log.csv adds the real data
	@$(TOOLS) cargo test --workspace --quiet --no-fail-fast
	@$(TOOLS) cargo test --profile fast --quiet --test simulation
	@$(TOOLS) node --import tsx tests/harness/browser-tests.ts
	@$(TOOLS) $(NODE_TEST) tests/setup/*.test.ts www/console/test/*.test.ts
	@$(TOOLS) $(NODE_TEST) tests/package/*.test.ts
	@$(TOOLS) $(NODE_TEST) --test-concurrency=1 tests/tokens/*.test.ts
	@$(TOOLS) $(NODE_TEST) --test-timeout=60000 tests/worker/*.test.ts
	@$(TOOLS) npm run --silent build -w sysparm-console && $(NODE_TEST) --test-concurrency=1 tests/console/*.test.ts

lint: setup package ## Formatting, clippy, strict TypeScript, and the rules of the web side
	@$(TOOLS) cargo fmt --all --check
	@$(TOOLS) cargo clippy --workspace --all-targets --quiet -- -D warnings
	@$(TOOLS) cargo clippy --target wasm32-unknown-unknown --features driver,queries,sync,doctor --lib --test browser --quiet -- -D warnings
	@$(TOOLS) biome check --error-on-warnings .
	@$(TOOLS) for project in www/glue www/console www/console/tsconfig.node.json www/worker www/worker/tsconfig.node.json \
		tests/package tests/tokens tests/console tests/worker; do tsc -p $$project; done
	@echo "lint: nothing to mend"

bench: setup package instance-binary ## Reading a table and queries, beside plain JavaScript in the same run
	@$(TOOLS) node --import tsx benches/reading.ts
	@$(TOOLS) node --import tsx benches/queries.ts
	@$(TOOLS) cargo bench --quiet --bench queries

fuzz: setup ## Everything that reads text from outside, under libFuzzer: SECONDS_EACH= (60) a target
	@tools/fuzz

format: setup ## Puts the formatting right
	@$(TOOLS) cargo fmt --all && biome check --write .

instance-binary: setup
	@$(TOOLS) cargo build --quiet --profile fast -p sysparm-instance
