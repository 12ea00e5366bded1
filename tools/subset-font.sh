#!/bin/sh
# Makes crates/report/assets/shequ-sans.otf and .woff2: the glyphs that pictures need, out of Noto Sans CJK.
#
#   tools/subset-font.sh [NotoSansCJK-Regular.ttc]
#
# Needs Debian's fonts-noto-cjk (or the path of its file) and Python's fonttools and brotli.
# Run it when a label, or the name of a scenario, gets a new Chinese character: a test says so.
set -eu
cd "$(dirname "$0")/.."
source=${1:-/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc}
${PYTHON:-python3} tools/subset_font.py "$source"
