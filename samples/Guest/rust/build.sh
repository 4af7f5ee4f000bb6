#!/bin/sh
# Builds the Rust samples, and the program of the tests that is written in Rust. Needs Debian's rustc and libstd-rust-dev-wasm32. An argument names another
# output folder.
set -eu
cd "$(dirname "$0")/../../.."
out=$(cd "${1:-tests/Host.Tests/Guests}" && pwd)
# Debian's compiler even where another comes first in the path: one compiler, one binary.
for source in samples/Guest/rust/shout.rs samples/Guest/rust/hear.rs tests/Host.Tests/Guests/many.rs; do
    name=$(basename "$source" .rs)
    if [ "$name" = many ]; then name=many-rust; fi
    /usr/bin/rustc --target wasm32-wasi --edition 2021 -C opt-level=s -C lto=fat -C panic=abort -C strip=symbols -C codegen-units=1 \
        --remap-path-prefix "$(pwd)=." -o "$out/$name.wasm" "$source"
done
