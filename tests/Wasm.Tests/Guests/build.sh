#!/bin/sh
# Builds the guest programs of the tests. Needs Debian's clang, lld and wasi-libc. An argument names another output folder.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
for source in *.c; do
    clang --target=wasm32-wasi -Os -Wl,--strip-all -o "$out/${source%.c}.wasm" "$source"
done
