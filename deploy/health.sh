#!/bin/sh
# The health check of the image. Until the place serves it is asked every few seconds (the interval), so that the stack is known
# to be up soon; from then on, each check rests first, so that a dozen of them cost next to nothing. Engines since 25 can do
# this by themselves (start_interval); the older ones that many machines have cannot.
seen=/tmp/.tenon-healthy
# Only who was well a moment ago may rest: after a pause, the engine takes everybody for ill until the next check.
if [ -n "$(find "$seen" -newermt '10 seconds ago' 2> /dev/null)" ]; then sleep "${TENON_HEALTH_REST:-20}"; fi
if node "$(dirname "$0")/health.mjs"; then
  : > "$seen"
else
  rm -f "$seen"
  exit 1
fi
