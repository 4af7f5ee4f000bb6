#!/bin/sh
# Builds the guest programs of the tests, and the sample that they run. Needs Debian's clang, lld, wasi-libc and libclang-rt-dev-wasm32. An argument
# names another output folder.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
kit=../../../samples/Guest
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
compile() {
    clang --target=wasm32-wasi -Os -Wall -Wextra -Werror -I"$kit" -c -o "$objects/$(basename "$1" .c).o" "$1"
}

compile "$kit/ww.c"
for source in *.c "$kit/family.c"; do
    compile "$source"
    name=$(basename "$source" .c)
    # Linked without -Os: with it clang runs wasm-opt where that is installed, and the binaries would differ from machine to machine.
    clang --target=wasm32-wasi -Wl,--strip-all -o "$out/$name.wasm" "$objects/$name.o" "$objects/ww.o"
done
