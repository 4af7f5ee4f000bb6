#!/bin/sh
# Builds the guest programs of the tests, and the samples that they run. Needs Debian's clang, lld, wasi-libc and libclang-rt-dev-wasm32. An argument
# names another output folder.
set -eu
cd "$(dirname "$0")"
out=${1:-.}
kit=../../../samples/Guest
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT
compile() {
    clang --target=wasm32-wasi -Os -Wall -Wextra -Werror -I"$kit" -I"$objects" -c -o "$objects/$(basename "$1" .c).o" "$1"
}

compile "$kit/ww.c"
# hello.c embeds inner.wasm, so that comes first.
for source in *.c "$kit/inner.c" "$kit/family.c" "$kit/hello.c" "$kit/extract.c" "$kit/listen.c"; do
    compile "$source"
    name=$(basename "$source" .c)
    # Linked without -Os: with it clang runs wasm-opt where that is installed, and the binaries would differ from machine to machine.
    clang --target=wasm32-wasi -Wl,--strip-all -o "$out/$name.wasm" "$objects/$name.o" "$objects/ww.o"
    if [ "$name" = inner ]; then od -An -v -tx1 "$out/inner.wasm" | sed 's/ \(..\)/0x\1,/g' > "$objects/inner.inc"; fi
done
