# What .ci/run and .ci/nightly share: the system's packages, the tested environment, and what a demo leaves behind.
# Sourced by both, as root on Debian 13 or newer (Node 20). Sets $here (the checkout), $work (removed at the end) and
# $oldest (the oldest Python at hand).
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset PYTHONDONTWRITEBYTECODE  # let Python keep what it compiled: tests start many processes
export QUOTECAST_CACHE="$work/cache" PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_ROOT_USER_ACTION=ignore
# Fail the tests that need a browser or Node where those are missing, instead of skipping them.
export QUOTECAST_BROWSER_TESTS=required QUOTECAST_NODE_TESTS=required

apt-get update -qq
command -v npm >/dev/null || apt-get install -y -qq npm >/dev/null
apt-get install -y -qq chromium-headless-shell fonts-noto-color-emoji git nodejs python3 python3-venv >/dev/null
oldest=$(for python in python3.11 python3.12 python3; do "$python" -c 'import sys; print(sys.executable)' && break; done 2>/dev/null)

say() { echo "== $(date +%T) $*"; }
checkout() { git -c safe.directory='*' clone -q "$here" "$1" && cd "$1"; }
line_of() { grep -m1 -F -e "$2" "$here/$1"; }  # the first line of a page that holds so much
the_demo_holds() {
    for file in episode.mp3 transcript.txt episode.vtt episode.srt episode.alignment.json; do
        test -s "quotecast-demo/$file"
    done
    "$1" check quotecast-demo/episode.vtt
    "$1" check quotecast-demo/episode.srt
}
# A clean checkout in $work/tests with the tested versions in .venv, each by its hash; ends in that folder.
tested_environment() {
    checkout "$work/tests"
    "$oldest" -m venv .venv
    .venv/bin/pip install -q --require-hashes -r requirements-tested.txt
    .venv/bin/pip freeze >"$work/tested"
    # Recordings that are too large for a repository, where they lie beside the checkout.
    if [ -d "$here/../shared" ]; then ln -s "$(cd "$here/../shared" && pwd)" "$work/shared"; fi
}
