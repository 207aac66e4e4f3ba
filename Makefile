# The few verbs of this project.
.PHONY: build test check demo golden bench

build:  ## the program, one static binary
	CGO_ENABLED=0 go build -o archiver ./cmd/archiver

test:
	go test ./...

check:  ## everything that has to hold before a change lands
	bash .ci/run

demo:
	go run ./cmd/archiver demo

golden: ## write the golden files anew; review the diff like code
	go test ./extract ./export -update

bench:  ## go benchmarks, and the whole program beside a plain colly one
	go test -run '^$$' -bench . ./...
	go run ./bench/crawl 1000 10000
