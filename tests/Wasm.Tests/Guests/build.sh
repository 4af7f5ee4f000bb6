#!/bin/sh
# Builds the guest programs of the tests. Needs Debian's clang, lld, wasi-libc and libclang-rt-dev-wasm32. An argument names another output folder.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
object=$(mktemp)
trap 'rm -f "$object"' EXIT
for source in *.c; do
    # Linked without -Os: with it clang runs wasm-opt where that is installed, and the binaries would differ from machine to machine.
    clang --target=wasm32-wasi -Os -c -o "$object" "$source"
    # One keeps its section of names.
    strip=--strip-all
    if [ "$source" = named.c ]; then strip=--strip-debug; fi
    clang --target=wasm32-wasi "-Wl,$strip" -o "$out/${source%.c}.wasm" "$object"
done
