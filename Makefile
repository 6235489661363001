# The verbs of this repository. Everything is built once, in Release.
.DEFAULT_GOAL := help
.PHONY: help deps test-deps native-deps build native guest up pack test test-native test-kernels lint fmt bench bench-proxy bench-xds bench-plugins bench-rules bench-bpf soak clean

DOTNET := dotnet
RELEASE := -c Release --nologo
TEST := $(DOTNET) test --solution Weft.slnx -c Release --no-build --no-progress --no-ansi --ignore-exit-code 8

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

deps: ## installs what a Debian with the .NET SDK lacks: npm, whose packages carry Envoy's API
	@eng/deps

test-deps: ## the same, and what tests use: Python's gRPC, clang for eBPF, libbpf as the measure
	@eng/deps test

native-deps: ## the same, and a linker, which `make native` needs
	@eng/deps native

build: native-deps ## publishes the programs to ./bin/weft and ./bin/weft-agent
	$(DOTNET) publish src/Weft $(RELEASE) -o bin
	$(DOTNET) publish src/Weft.Agent $(RELEASE) -o bin

native: native-deps ## compiles ./bin/native/weft, one file that needs no .NET and starts fastest
	$(DOTNET) publish src/Weft $(RELEASE) -p:Native=true -o bin/native

up: build ## starts the bookshop, a mesh of seven programs, on this machine
	./bin/weft up samples/bookshop

pack: deps ## packs Weft.Xds and Weft.Bpf with what they need into artifacts/package, and tries them in projects of their own
	for project in Weft.Flow Weft.Envoy Weft.Xds Weft.Bpf Weft.Bpf.Build Weft.Templates; do $(DOTNET) pack src/$$project $(RELEASE) || exit 1; done
	eng/try-package
	eng/try-bpf

# Without a network there are no kernels, and their tests are skipped.
test: test-deps guest ## builds everything and runs all tests
	-eng/kernels 6.1
	$(DOTNET) build Weft.slnx $(RELEASE)
	$(TEST) --timeout 30m

test-native: test-deps native ## runs the end-to-end tests on ./bin/native/weft
	$(DOTNET) build Weft.slnx $(RELEASE)
	WEFT_PROGRAM=$(CURDIR)/bin/native/weft $(TEST) --filter-namespace 'Weft.EndToEnd.*'

guest: native-deps ## compiles what runs on other kernels under QEMU
	$(DOTNET) publish tests/Weft.Kernel.Guest $(RELEASE) -p:Native=true -o artifacts/guest

test-kernels: test-deps guest ## runs the eBPF library on Linux 5.10, 6.1 and 6.12 under QEMU
	eng/kernels
	$(DOTNET) build Weft.slnx $(RELEASE)
	WEFT_ALL_KERNELS=1 $(TEST) --filter-class '*.GuestKernelTests'

lint: deps ## checks the format and the shell scripts (the build checks the rest)
	bash -n .ci/run && sh -n eng/deps && sh -n eng/try-package && sh -n eng/try-bpf && sh -n eng/kernels
	$(DOTNET) format Weft.slnx --verify-no-changes

fmt: deps ## corrects the format
	$(DOTNET) format Weft.slnx

bench: deps ## runs the benchmarks; BENCH=... passes arguments on
	$(DOTNET) run --project bench/Weft.Benchmarks -c Release -- $(BENCH)

bench-proxy: build ## compares the embedded proxy with Envoy; needs wrk and envoy
	bench/proxy

bench-xds: native-deps ## compares Weft.Xds with go-control-plane; needs gcp-server, xdsload and jq
	bench/xds

bench-plugins: deps ## compares a plugin in C# with the same in C; needs clang and lld
	bench/plugins/run

bench-bpf: native-deps ## compares Weft.Bpf with libbpf and cilium/ebpf; needs root, clang-19, libbpf-dev, jq and the peers
	bench/bpf/run

bench-rules: deps ## measures how long a changed rule takes to all workers of a real Envoy
	bench/rules/run

soak: deps ## runs the long random tests, for hours if need be
	$(DOTNET) build Weft.slnx $(RELEASE)
	WEFT_SOAK=1 $(TEST) --filter-trait Soak=true

clean: ## removes all that was built
	rm -rf artifacts bin samples/bookshop/services/bin
