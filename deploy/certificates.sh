#!/bin/sh
# Makes what the containers know each other by: a certificate for each of them, from a CA of this stack only, and the token of the
# control service. Each lands in a volume that only its own container is given. What is there and still good stays.
set -eu
umask 077

if [ ! -s /run/token/token ]; then
  node -p 'require("node:crypto").randomBytes(32).toString("base64url")' > /run/token/token.new
  mv /run/token/token.new /run/token/token
fi

# The host reaches the control service as localhost.
exec tenon ca /certs --days 365 \
  --for alpha-vfs --for alpha-inband --for alpha-companion --for alpha-nic \
  --for beta-vfs --for beta-inband --for beta-companion --for beta-nic \
  --for lan-switch --for control,localhost --for tenon
