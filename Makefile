.DEFAULT_GOAL := help
SHELL := /bin/bash
.SHELLFLAGS := -eo pipefail -c
GO ?= go
FUZZTIME ?= 5000x
TOOL := $(GO) tool -modfile=tools/go.mod

.PHONY: help build run test race lint fuzz bench torture screenshots golden cover cross check

help: ## list the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-12s %s\n", $$1, $$2}'

build: ## build bin/kvitto
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/kvitto ./cmd/kvitto

run: ## start the demo shops, and the simulator with its checkout page at http://127.0.0.1:8081
	$(GO) run ./cmd/kvitto simulator --demo

test: ## run all tests
	$(GO) test ./...

race: ## run all tests with the race detector (needs gcc)
	CGO_ENABLED=1 $(GO) test -race ./...

lint: ## vet and lint, with the linters pinned in tools/go.mod
	$(GO) vet ./...
	$(TOOL) golangci-lint run ./...

fuzz: ## run every fuzz target for FUZZTIME (5000x inputs; or 30s)
	@set -e; $(GO) test -list '^Fuzz' ./... | awk '/^Fuzz/ {names = names " " $$1} /^ok/ {n = split(names, f, " "); for (i = 1; i <= n; i++) print $$2, f[i]; names = ""}' | \
	while read -r pkg target; do \
		echo "fuzz $$target in $$pkg"; \
		$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzzminimizetime 1x -fuzztime $(FUZZTIME) "$$pkg"; \
	done

bench: ## benchmarks with allocations, then the built binary against the floor
	$(GO) test -run '^$$' -bench . -benchmem ./...
	$(GO) run ./internal/loadrun

torture: ## kill replicas, Redis and answers under load, and judge what arrived (needs redis-server; 4 minutes)
	$(GO) run ./internal/torture -mutants all

screenshots: ## render the simulator's pages into docs/images (needs chromium)
	KVITTO_SCREENSHOTS=$(CURDIR)/docs/images KVITTO_REQUIRE_CHROMIUM=1 $(GO) test -count=1 -run TestScreenshots ./internal/simulator/page

golden: ## rewrite golden files; read the diff like code
	$(GO) test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' . | xargs -n1 dirname | sort -u) -update

cover: ## coverage per package, and cover.html
	$(GO) test -coverprofile=cover.out -coverpkg=./... ./...
	$(GO) tool cover -func=cover.out | tail -1
	$(GO) tool cover -html=cover.out -o cover.html

cross: ## cross-compile: the author's commands for Windows and macOS, the service for Linux
	GOOS=windows GOARCH=amd64 CGO_ENABLED=0 $(GO) build -o dist/kvitto-windows-amd64.exe ./cmd/kvitto
	GOOS=darwin GOARCH=arm64 CGO_ENABLED=0 $(GO) build -o dist/kvitto-darwin-arm64 ./cmd/kvitto
	GOOS=linux GOARCH=arm64 CGO_ENABLED=0 $(GO) build -o dist/kvitto-linux-arm64 ./cmd/kvitto

check: lint test race fuzz cross ## everything that CI runs, and nothing generated may have changed
	$(GO) mod verify
	git diff --exit-code
