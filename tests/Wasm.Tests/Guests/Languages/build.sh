#!/bin/sh
# Builds one program: build.sh rust|cpp|assemblyscript|go [FOLDER]. Another folder than this one for the output may be named. Built with Debian's rustc 1.63 and
# libstd-rust-dev-wasm32; clang 14, lld, libc++-dev-wasm32 and libclang-rt-dev-wasm32; npm's assemblyscript 0.28.20 and @assemblyscript/wasi-shim 0.1.0,
# which NODE_PATH names the folder of; Go 1.23.5 (golang-1.23-go of Debian 12's backports).
set -eu
cd "$(dirname "$0")"
out=$(cd "${2:-.}" && pwd)
case "$1" in
rust)
    /usr/bin/rustc -C opt-level=s -C strip=symbols -C panic=abort --remap-path-prefix="$PWD"=. --target wasm32-wasi -o "$out/rust.wasm" rust.rs
    ;;
cpp)
    object=$(mktemp)
    trap 'rm -f "$object"' EXIT
    clang++ --target=wasm32-wasi -std=c++17 -fno-exceptions -Os -c -o "$object" cpp.cc
    # No clang++ here: with an optimisation level it would run wasm-opt where that is installed.
    clang++ --target=wasm32-wasi -fno-exceptions -Wl,--strip-all -o "$out/cpp.wasm" "$object"
    ;;
assemblyscript)
    # The compiler looks for the shim beside the source.
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
    cp assemblyscript.ts "$work"
    ln -s "$NODE_PATH" "$work/node_modules"
    cd "$work"
    node node_modules/assemblyscript/bin/asc.js assemblyscript.ts --config node_modules/@assemblyscript/wasi-shim/asconfig.json -O --noAssert -o "$out/assemblyscript.wasm"
    ;;
go)
    # The build id and the paths would tell where it was built; without symbols and with the smallest set of packages it is 2.1 MB, most of it Go's runtime.
    GOOS=wasip1 GOARCH=wasm GO111MODULE=off GOTOOLCHAIN=local GOFLAGS= GOEXPERIMENT= /usr/lib/go-1.23/bin/go build -trimpath -ldflags="-s -w -buildid=" -o "$out/go.wasm" go.go
    ;;
*)
    echo "build.sh: $1 is none of rust, cpp, assemblyscript, go" >&2
    exit 2
    ;;
esac
