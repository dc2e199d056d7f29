# Sourced by the Makefile's recipes and by tools/setup. Sets the paths of the pinned tools and the toolchain that compiles to wasm32.
# Installs nothing.

# `make` and `cargo` set this for their children. A nested cargo must choose its own toolchain.
unset RUSTUP_TOOLCHAIN

SYSPARM_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
SYSPARM_TOOLS=${SYSPARM_TOOLS:-${XDG_CACHE_HOME:-$HOME/.cache}/sysparm}

# The macro and the command line of wasm-bindgen must have the same version.
WASM_BINDGEN_VERSION=$(awk '/^name = "wasm-bindgen"$/ { getline; gsub(/[^0-9.]/, ""); print; exit }' "$SYSPARM_ROOT/Cargo.lock" 2>/dev/null || true)
WASM_PACK_VERSION=0.15.1

WASM_BINDGEN_HOME=$SYSPARM_TOOLS/wasm-bindgen-$WASM_BINDGEN_VERSION
WASM_PACK_HOME=$SYSPARM_TOOLS/wasm-pack-$WASM_PACK_VERSION
# Other runtimes than Node, which only tests need: one folder for each lock file.
SYSPARM_RUNTIMES=$SYSPARM_TOOLS/runtimes-$(sha256sum "$SYSPARM_ROOT/tools/runtimes/package-lock.json" 2>/dev/null | cut -c 1-16 || true)
PATH=$WASM_BINDGEN_HOME/bin:$WASM_PACK_HOME/bin:$SYSPARM_ROOT/node_modules/.bin:$PATH

# The toolchain of Debian's packages, for machines where rustup cannot download wasm32. tools/setup links it under this name.
DEBIAN_TOOLCHAIN=sysparm-debian

has_wasm32() { # has_wasm32 [toolchain]
    local sysroot
    sysroot=$(cd "$SYSPARM_ROOT" && rustc ${1:+"+$1"} --print sysroot 2>/dev/null) || return 1
    compgen -G "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libcore-*.rlib" >/dev/null &&
        compgen -G "$sysroot/lib/rustlib/wasm32-unknown-unknown/lib/libtest-*.rlib" >/dev/null
}

# Chooses a toolchain that compiles to wasm32. Exported so that wasm-pack, cargo and wasm-bindgen use it.
use_wasm32() {
    if has_wasm32; then return 0; fi
    if has_wasm32 "$DEBIAN_TOOLCHAIN"; then export RUSTUP_TOOLCHAIN=$DEBIAN_TOOLCHAIN; return 0; fi
    return 1
}

find_firefox() { command -v firefox-esr || command -v firefox; }

find_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

export SYSPARM_ROOT SYSPARM_TOOLS SYSPARM_RUNTIMES PATH
