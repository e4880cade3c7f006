#!/usr/bin/env bash
# Draws the client's icons, with Chromium: each .svg here to a picture of 96 × 96 in ../public. Run it after a drawing was changed.
# A browser makes a document of its own of an SVG, on the thread of the page that begins; a picture is just shown.
set -euo pipefail
cd "$(dirname "$0")"
for name in chromium chromium-browser google-chrome-stable google-chrome; do
  browser=$(command -v "$name") && break
done
[ -n "$browser" ] || { echo "Chromium is missing (command chromium)." >&2; exit 1; }
for drawing in *.svg; do
  picture=$PWD/../public/${drawing%.svg}.png
  rm -f "$picture"
  said=$("$browser" --headless --no-sandbox --hide-scrollbars --window-size=96,96 --default-background-color=00000000 \
    --screenshot="$picture" "$drawing" 2>&1) && [ -s "$picture" ] || { echo "Chromium did not draw $drawing: $said" >&2; exit 1; }
done
