#!/bin/sh
# Install with apt what the tests need beside Python: Chromium, nginx, Redis 7, and Node.js 18 or newer with npm.
# Programs that are named, and that apt has under their own names, are installed, too.
# Chromium without windows takes half the processor's time for a page; one with windows does as well.

node_is_fit() { node -e 'process.exitCode = parseInt(process.versions.node) < 18 ? 1 : 0' 2>/dev/null; }

has_browser() { command -v chromium-headless-shell || command -v chromium; } >/dev/null

missing=
has_browser || missing="$missing chromium-headless-shell"
node_is_fit || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"  # Debian's nodejs goes without
command -v nginx >/dev/null || [ -x /usr/sbin/nginx ] || missing="$missing nginx-light"
command -v redis-server >/dev/null || missing="$missing redis-server"
for program in "$@"; do
    command -v "$program" >/dev/null || missing="$missing $program"
done
[ -n "$missing" ] || exit 0

as_root=
[ "$(id -u)" -eq 0 ] || as_root=sudo
if ! command -v apt-get >/dev/null || ! command -v ${as_root:-env} >/dev/null; then
    echo "The tests need Chromium (on PATH as chromium-headless-shell or chromium), nginx, redis-server, and Node.js 18 or newer with npm." >&2
    echo "Missing:$missing. Install by hand, then run make test again." >&2
    exit 1
fi
$as_root apt-get update -q
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qy --no-install-recommends $missing

has_browser && node_is_fit && command -v npm >/dev/null && exit
echo "apt-get brought no chromium, no npm, or a Node.js older than 18: install them by hand." >&2
exit 1
