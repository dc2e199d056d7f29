# sysparm. `make help` says what there is.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help run test slow runtimes peers matrix mutants check lint docs package instance bench bench-throughput bench-million bench-startup bench-worker bench-worker-start bench-peers bench-databases fuzz audit setup setup-runtimes format screenshots instance-binary

# Every recipe runs with the pinned tools in front.
TOOLS := . tools/environment.sh && use_wasm32 &&
TYPES := for project in www/glue www/console www/console/tsconfig.node.json www/worker www/worker/tsconfig.node.json \
	tests/package tests/driver tests/tokens tests/console tests/worker tests/mutants tests/matrix examples/react-list tests/matrix/tsconfig.next.json; do tsc -p $$project; done
NODE_TEST := node --import tsx --test --test-reporter=spec
PORT ?= 8787
ROWS ?= 10000
DATA ?=
export PORT ROWS DATA

help: ## What each command does
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-18s %s\n", $$1, $$2 }' Makefile

setup: ## Installs missing tools (the other commands run it)
	@tools/setup

# Apart from setup, because only tests need them.
setup-runtimes:
	@tools/setup runtimes

# Development builds, and no module that the console does not import: optimising takes most of the time of a first build.
run: ## The console, two practice instances and the edge worker in front of them, on loopback
	@tools/setup run
	@echo "run: compiling the practice instance"
	@$(TOOLS) cargo build --locked --quiet -p sysparm-instance
	@$(TOOLS) DRAFT=1 WITHOUT=testing node --import tsx tools/package.ts
	@echo "run: building the console"
	@$(TOOLS) npm run --silent build -w sysparm-console -- --logLevel error && node --import tsx tools/run.ts

instance: setup instance-binary ## The practice instance alone: PORT= (8787), ROWS= (10000) or DATA=event-log.csv
	@$(TOOLS) $${CARGO_TARGET_DIR:-target}/fast/sysparm-instance --port $(PORT) $(if $(DATA),--data "$(DATA)",--rows $(ROWS))

package: setup ## Writes the npm package to pkg/
	@$(TOOLS) node --import tsx tools/package.ts

test: setup-runtimes package instance-binary ## Every test; SYSPARM_EVENT_LOG=event-log.csv adds the real data
	@$(TOOLS) cargo test --locked --workspace --quiet --no-fail-fast
	@$(TOOLS) SYSPARM_SEEDS=$${SYSPARM_SEEDS:-75} cargo test --locked --profile fast --quiet --test simulation
	@$(TOOLS) node --import tsx tests/harness/browser-tests.ts
	@$(TOOLS) $(NODE_TEST) tests/setup/*.test.ts www/console/test/*.test.ts
	@$(TOOLS) $(NODE_TEST) tests/package/*.test.ts
	@$(TOOLS) $(NODE_TEST) tests/matrix/*.test.ts
	@$(TOOLS) $(NODE_TEST) --test-concurrency=1 tests/tokens/*.test.ts
	@$(TOOLS) $(NODE_TEST) --test-timeout=60000 tests/worker/*/*.test.ts
	@$(TOOLS) node --import tsx --test-reporter=spec tests/console/all.ts

slow: setup package instance-binary runtimes ## Tests too slow for make test; README.md lists them
	@$(TOOLS) SYSPARM_SEEDS=10000 cargo test --locked --profile fast --quiet --test simulation
	@$(TOOLS) cargo test --locked --quiet -p sysparm-instance --test described -- --include-ignored
	@$(TOOLS) PAIRS=15 node --import tsx benches/throughput.ts
	@$(TOOLS) SYSPARM_SYNC_ROWS=100000 SYSPARM_SYNC_KILLS=10 $(NODE_TEST) tests/package/cli-sync-killed.test.ts
	@$(TOOLS) SYSPARM_TYPED_TABLES=40 $(NODE_TEST) tests/package/typed-tables.test.ts
	@$(TOOLS) SYSPARM_MODEL_ROWS=10000 $(NODE_TEST) tests/package/model-properties.test.ts
	@$(TOOLS) SYSPARM_HOSTILE=10000 SYSPARM_MUTATED_TOKENS=20000 $(NODE_TEST) tests/worker/hostile/*.test.ts tests/worker/callers/token-attacks.test.ts
	@$(TOOLS) $(NODE_TEST) tests/matrix/slow/*.test.ts tests/worker/unified/slow/*.test.ts
	@$(TOOLS) $(NODE_TEST) tests/package/slow/*.test.ts
	@$(TOOLS) SYSPARM_ISOLATION_RUNS=7 $(NODE_TEST) tests/worker/gateway/isolation.test.ts
	@$(TOOLS) SYSPARM_HOSTILE_REQUESTS=40000 $(NODE_TEST) tests/worker/policy/subset.test.ts tests/worker/policy/received.test.ts
	@$(TOOLS) SYSPARM_DAYS=10 SYSPARM_RESTARTS=20 SYSPARM_IDLE_SECONDS=180 $(NODE_TEST) tests/worker/broker/{day,workerd}.test.ts
	@$(TOOLS) $(NODE_TEST) tests/driver/*.test.ts
	@$(TOOLS) $(NODE_TEST) www/console/test/slow/*.test.ts
	@$(TOOLS) SYSPARM_VIEWS=all $(NODE_TEST) --test-concurrency=1 tests/console/control-page.test.ts tests/console/keyboard.test.ts tests/console/slow/*.test.ts

screenshots: setup package instance-binary ## Every view of the console, light and dark, wide and 400 px narrow, in target/screenshots
	@$(TOOLS) $(NODE_TEST) tests/console/slow/views.test.ts

runtimes: setup-runtimes package instance-binary ## Every case of the package in Node 22 and 24, Deno, Bun, Firefox, Chromium, jsdom and happy-dom, and over sysparm/node-http
	@$(TOOLS) SYSPARM_CASES=all $(NODE_TEST) tests/package/runtimes.test.ts tests/package/node-http-cases.test.ts

peers: setup ## Published clients of other authors against the practice instance, a counted program of ours for each
	@$(TOOLS) cargo test --locked --quiet -p sysparm-instance --test foreign_clients -- --include-ignored

matrix: setup package instance-binary ## The packed package in every bundler and framework of the table in www/glue/docs/browsers.md, which it writes: TOOL= (all)
	@$(TOOLS) TOOL="$(TOOL)" node --import tsx tests/matrix/run.ts

mutants: setup ## Changes lines of the edge worker at random and counts what its tests notice: SHARE= (0.1), SEED= (1)
	@$(TOOLS) node --import tsx tests/mutants/run.ts

check: setup ## The loop of a change: formatting, clippy, unit tests, types; under a minute once compiled
	@$(TOOLS) cargo fmt --all --check
	@$(TOOLS) cargo clippy --locked --workspace --all-targets --quiet -- -D warnings
	@$(TOOLS) cargo test --locked --quiet --lib --test architecture
	@$(TOOLS) DRAFT=1 node --import tsx tools/package.ts
	@$(TOOLS) biome check --error-on-warnings .
	@$(TOOLS) node --import tsx tools/words.ts
	@$(TOOLS) $(TYPES)

docs: setup ## The API references, warnings as errors: target/wasm32-unknown-unknown/doc (crate) and target/docs/api (package)
	@$(TOOLS) RUSTDOCFLAGS="-D warnings" cargo doc --locked --no-deps --quiet --target wasm32-unknown-unknown --features driver,pages,queries,sync,doctor,classify,model
	@$(TOOLS) tools/docs/build

lint: setup package docs ## Formatting, clippy, strict TypeScript, and the rules of the web side
	@$(TOOLS) cargo fmt --all --check
	@$(TOOLS) cargo clippy --locked --workspace --all-targets --quiet -- -D warnings
	@$(TOOLS) cargo clippy --locked --target wasm32-unknown-unknown --features driver,pages,queries,sync,doctor,model --lib --test browser --quiet -- -D warnings
	@$(TOOLS) cargo clippy --locked --target wasm32-unknown-unknown --package sysparm-testing-wasm --package sysparm-driver-cases --quiet -- -D warnings
	@# The targets of make fuzz compile. A path of libFuzzer is not read here, and keeps its C++ from being compiled.
	@$(TOOLS) CUSTOM_LIBFUZZER_PATH=/none.a cargo check --locked --quiet --manifest-path tests/fuzz/Cargo.toml --target-dir $${CARGO_TARGET_DIR:-target}
	@$(TOOLS) biome check --error-on-warnings .
	@$(TOOLS) $(TYPES)
	@$(TOOLS) node --import tsx tools/words.ts
	@echo "lint: no problem found"

bench: setup package instance-binary ## Reading, cost of a request, queries, compared with plain JavaScript; benches/README.md has the rest
	@$(TOOLS) PAIRS=$${PAIRS:-3} node --import tsx benches/throughput.ts
	@$(TOOLS) node --import tsx benches/control.ts
	@$(TOOLS) node --import tsx benches/queries.ts
	@$(TOOLS) cargo bench --locked --quiet --bench queries

bench-throughput: setup package instance-binary ## pages() compared with a bare loop, in Node and in Chromium, with more pairs: PAIRS= (15)
	@$(TOOLS) PAIRS=$${PAIRS:-15} node --import tsx benches/throughput.ts

bench-million: setup package instance-binary ## 1,000,000 rows over HTTP, in Node and in Chromium: time of a page, and memory; ROWS=
	@$(TOOLS) $(if $(filter command environment,$(firstword $(origin ROWS))),ROWS=$(ROWS),ROWS=1000000) node --import tsx benches/million.ts

bench-startup: setup package instance-binary ## Until the first rows, in Chromium, workerd and Node, compared with four libraries together: PAIRS= (25), BOUNDS=1 adds what cannot be beaten
	@$(TOOLS) node --import tsx benches/startup.ts

bench-worker: setup package instance-binary ## The edge worker compared with a plain one that only swaps headers, in workerd: PAIRS= (25)
	@$(TOOLS) node --import tsx benches/worker.ts

bench-worker-start: setup package instance-binary ## Processor time of a cold start of the edge worker: STARTS= (15)
	@$(TOOLS) node --import tsx benches/worker-start.ts

bench-peers: setup package instance-binary ## Compared with axios, servicenow-rest-api, pysnow and snowloader
	@$(TOOLS) node --import tsx benches/peers.ts

bench-databases: setup package ## The query of keyset pagination on PostgreSQL, MariaDB and SQLite; installs missing servers (apt-get)
	@$(TOOLS) node --import tsx benches/databases.ts

fuzz: setup ## Everything that parses foreign text, under libFuzzer: SECONDS_EACH= (60) a target
	@tools/fuzz

audit: setup ## Licences, bans and sources of every crate; installs cargo-deny the first time
	@tools/audit

format: setup ## Puts the formatting right
	@$(TOOLS) cargo fmt --all && biome check --write .

instance-binary: setup
	@$(TOOLS) cargo build --locked --quiet --profile fast -p sysparm-instance
