#!/bin/sh
# The browser tests need Chromium. Where it is missing and we are root on Debian, install it; elsewhere those tests skip.
set -u
[ -x /usr/bin/chromium ] && exit 0
if [ "$(id -u)" = 0 ] && [ -f /etc/debian_version ] && command -v apt-get >/dev/null 2>&1; then
    echo "installing Chromium for the browser tests"
    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; } \
        >/dev/null 2>&1 || echo "Chromium could not be installed: the browser tests will skip" >&2
else
    echo "no /usr/bin/chromium, and not root on Debian: the browser tests will skip" >&2
fi
exit 0
