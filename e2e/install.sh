#!/usr/bin/env bash
# Installs what the end-to-end tests drive, where it is missing: Chromium, rsyslog with its Elasticsearch output, logger.
# Debian and Ubuntu; needs root (or sudo). Elsewhere install the same programs and the tests will find them.
set -euo pipefail

missing=()
need() { command -v "$1" >/dev/null 2>&1 || missing+=("$2"); }
need chromium chromium
need rsyslogd rsyslog
need logger bsdutils
need openssl openssl
[ -e /usr/lib/*/rsyslog/omelasticsearch.so ] 2>/dev/null || missing+=(rsyslog-elasticsearch)
[ -e /usr/lib/*/rsyslog/lmnsd_gtls.so ] 2>/dev/null || missing+=(rsyslog-gnutls)

if [ ${#missing[@]} -eq 0 ]; then exit 0; fi
echo "installing for the end-to-end tests: ${missing[*]}"
as_root=''
if [ "$(id -u)" -ne 0 ]; then as_root=sudo; fi
$as_root apt-get update -q
DEBIAN_FRONTEND=noninteractive $as_root apt-get install -y -q --no-install-recommends "${missing[@]}"
