#!/bin/sh
# The health check of the image. Until the place serves it is asked every few seconds (the interval), so that the stack is known
# to be up soon; from then on, each check rests first, so that a dozen of them cost next to nothing. Engines since 25 can do
# this by themselves (start_interval); the older ones that many machines have cannot.
seen=/tmp/.tenon-healthy
if [ -e "$seen" ]; then sleep "${TENON_HEALTH_REST:-20}"; fi
if node "$(dirname "$0")/health.mjs"; then
  : > "$seen"
else
  rm -f "$seen"
  exit 1
fi
