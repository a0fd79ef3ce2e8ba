# Everything starts here; "make" alone explains. Each target does the set-up it needs: a moment, once it is done.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup build test demo bench format lint clean

# make test ONLY=Tables builds and tests one target and what it uses.
ONLY ?= $(ASSAY_ONLY)
ifneq ($(ONLY),)
export ASSAY_ONLY := $(ONLY)
endif

# make bench TABLES="boosting csv" repeats some of the tables of BENCHMARKS.md.
TABLES ?= all

help: ## Explain the targets
	@echo "make demo     from simulated data to a customer's report (demo-output/report.html)"
	@echo "make test     all tests; ONLY=Tables for one target"
	@echo "make build    the program, in .build/release/assay"
	@echo "make bench    benchmarks against the peers; rewrites the tables of BENCHMARKS.md"
	@echo "make setup    Debian packages and native libraries (done by the others when needed)"
	@echo "make format   lay out all Swift files; make lint checks them"
	@echo "make clean    remove what was built, not the native libraries"

setup:
	@Scripts/setup.sh

build: setup
	@swift build -c release --product assay >&2

test: setup
	@swift build -c release --build-tests >&2
	@swift test -c release --skip-build --disable-swift-testing

demo: build
	@.build/release/assay demo --output demo-output

bench: build
	@Benchmarks/bench.sh $(TABLES)

format: setup
	@swift format format --in-place --parallel --recursive Package.swift Sources Examples Tests

lint: setup
	@swift format lint --strict --parallel --recursive Package.swift Sources Examples Tests

clean:
	@rm -rf .build demo-output assay-output example-images-output example-sequences-output Benchmarks/output
