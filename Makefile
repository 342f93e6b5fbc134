# make help lists what there is.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build release run test unit e2e check gen fuzz bench speed long golden oracle migrate

GO_FILES := cmd internal migrations web
FUZZTIME ?= 10s
SIZES ?= 217,10000,1000000

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## bin/uitvraag
	@go build -trimpath -o bin/uitvraag ./cmd/uitvraag

run: build ## the site with demonstration studies, on http://127.0.0.1:8080; ^C stops it
	@exec scripts/run

test: unit e2e ## all tests: Go, then the browser; installs what is missing

unit: ## the Go tests alone
	@scripts/readers
	go test ./...

e2e: ## the browser tests alone
	@scripts/browser
	cd web/e2e && npx --no-install tsc -p ../src && npm test

check: ## formatting, generated files, modules, vet, staticcheck, errcheck
	@scripts/check

gen: ## generate the Go of the templates, and the scripts of the pages
	go tool templ fmt web
	go tool templ generate -path web
	scripts/bundle uitvraag --outfile=web/static/uitvraag.js
	scripts/bundle sleutel --outfile=web/static/sleutel.js
	scripts/bundle beheer --outfile=web/static/beheer.js

fuzz: ## every fuzz test, for FUZZTIME each (10s)
	@scripts/fuzz $(FUZZTIME)

bench: speed ## every benchmark
	go test -run '^$$' -bench . -benchmem ./...

speed: ## books, files and statistics at 217, 10,000 and 1,000,000 questionnaires: time, memory, and R doing the same
	@scripts/readers
	UITVRAAG_SPEED=$(SIZES) go test -count=1 -v -timeout 60m -run '^TestRMakesTheSameNumbers$$' ./internal/stat
	UITVRAAG_SPEED=$(SIZES) go test -count=1 -v -timeout 60m -run '^TestRMakesTheSameBook$$' ./internal/export

long: ## all tests with larger numbers, and a minute of each fuzz test
	UITVRAAG_KILLS=500 UITVRAAG_ROWS=1000000 UITVRAAG_UNITS=50000 go test -count=1 -timeout 150m ./...
	@scripts/browser
	cd web/e2e && EVERY_LOOK=1 npm test
	@scripts/fuzz 60s

golden: ## write the golden files anew; look at the difference before you commit it
	go test $$(grep -rl --include='*_test.go' 'flag.Bool("update"' internal | xargs -n1 dirname | sort -u | sed 's#^#./#') -update

oracle: ## let R compute the test data of stat anew, and print how every function agrees with it
	@scripts/oracle

release: ## dist/: the program built twice to the same bytes, with what it is made of
	@scripts/release

migrate: build ## bring the database of DATABASE_URL, or the private one, to this schema
	@bin/uitvraag migrate
