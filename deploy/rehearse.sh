#!/usr/bin/env bash
# Rehearses deploy/Dockerfile where no container engine runs: its COPY and RUN steps, read from the file itself, in a
# clean folder and as the image's user id, with the system's npm; then the image's command with the image's environment.
# Checks the health check, the set-up link, that data survive a restart, and a clean stop on SIGTERM.
#
# Not rehearsed: the base image (node:24; the Node that the project installs stands in for it), `useradd`, the link in
# /usr/local/bin, EXPOSE and VOLUME. As root, steps run as the image's user id and the installed files belong to root,
# as in the image; otherwise everything runs as the caller.
#
#   bash deploy/rehearse.sh          [PORT=18431] [SYSLOG_PORT=15514] [KEEP=1 leaves the folder]
set -euo pipefail
cd "$(dirname "$0")/.."
project=$PWD
port=${PORT:-18431} syslog_port=${SYSLOG_PORT:-15514} uid=10001
node=$(readlink -f node_modules/.bin/node) || { echo 'run "npm ci" first: its Node stands in for the base image'; exit 1; }

root=$(mktemp -d "${TMPDIR:-/tmp}/vedette-rehearsal.XXXXXX")
server=''
finish() {
  if [ -n "$server" ]; then kill -KILL "$server" 2>/dev/null || true; fi
  if [ -z "${KEEP:-}" ]; then rm -rf "$root"; else echo "left in $root"; fi
}
trap finish EXIT
mkdir "$root"/{bin,context,stages,home,data}
chmod 755 "$root"
cp "$node" "$root/bin/node"
export PATH="$root/bin:$PATH" npm_config_update_notifier=false

as_user=()
if [ "$(id -u)" -eq 0 ]; then as_user=(setpriv --reuid "$uid" --regid "$uid" --clear-groups --no-new-privs); fi
own() { if [ "$(id -u)" -eq 0 ]; then chown -R "$1:$1" "$2"; fi; }
step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }

step "context: files of the working tree that .dockerignore leaves"
excludes=()
while read -r pattern; do
  case $pattern in
    '' | '#'*) ;;
    '**/'*) excludes+=(--no-anchored "--exclude=${pattern#\*\*/}") ;;
    *) excludes+=(--anchored "--exclude=./$pattern") ;;
  esac
done < .dockerignore
tar -c "${excludes[@]}" . | tar -x -C "$root/context" --no-same-owner
own "$uid" "$root"

# COPY into the stage's /app: folders give their contents, as with docker.
copy() {
  local from=$root/context target source
  if [[ $1 == --from=* ]]; then from=$root/stages/${1#--from=}; shift; fi
  local sources=("${@:1:$#-1}") destination=${*: -1}
  for source in "${sources[@]}"; do
    source=$from/${source#/app} target=$stage/$destination
    [ -e "$source" ] || fail "COPY source $source does not exist"
    if [ -d "$source" ]; then
      mkdir -p "$target" && cp -a "$source/." "$target/"
    elif [[ $destination == */ ]]; then
      mkdir -p "$target" && cp -a "$source" "$target"
    else
      mkdir -p "$(dirname "$target")" && cp -a "$source" "$target"
    fi
  done
}

environment=() entrypoint='' command='' check='' stage=''
while read -r instruction arguments; do
  case $instruction in
    FROM)
      read -r base _ name <<<"$arguments"
      stage=$root/stages/${name:-final}
      step "FROM $arguments"
      mkdir "$stage"
      if [ -d "$root/stages/$base" ]; then cp -a "$root/stages/$base/." "$stage/"; fi
      own "$uid" "$stage"
      ;;
    COPY) read -ra words <<<"$arguments"; copy "${words[@]}"; own "$uid" "$stage" ;;
    RUN)
      case $arguments in
        useradd* | 'ln -s '*) echo "not rehearsed: $arguments"; continue ;;
      esac
      step "RUN $arguments"
      (cd "$stage" && HOME=$root/home nice "${as_user[@]}" sh -ec "${arguments//\/data/$root\/data}")
      ;;
    ENV) read -ra environment <<<"$arguments" ;;
    ENTRYPOINT) entrypoint=$arguments ;;
    CMD) command=$arguments ;;
    HEALTHCHECK) check=${arguments#*CMD } ;;
  esac
done < <(sed -E -e '/^\s*(#|$)/d' -e ':a' -e '/\\$/{N;s/\\\n/ /;ta' -e '}' deploy/Dockerfile)

# ["a", "b"] → words
words_of() { node -e 'console.log(JSON.parse(process.argv[1]).join("\n"))' "$1"; }
mapfile -t entrypoint < <(words_of "$entrypoint")
mapfile -t command < <(words_of "$command")
mapfile -t check < <(words_of "$check")
environment=("${environment[@]//=\/data/=$root/data}" "VEDETTE_PORT=$port" "VEDETTE_SYSLOG_PORT=$syslog_port")
image=$root/stages/final
# The image's files belong to root and are not the server's to write.
own 0 "$image"
echo "the image's own files: $(du -sh "$image" | cut -f1)"

# What `docker run` and `docker exec` would run: the image's environment and nothing of the caller's.
in_image() { cd "$image" && exec env -i PATH="$root/bin:/usr/bin:/bin" "${environment[@]}" "${as_user[@]}" "$@"; }
vedette() { (in_image "${entrypoint[@]}" "$@"); }
# Polls: description, seconds, command.
await() {
  local what=$1 end=$((SECONDS + $2))
  shift 2
  until "$@" >/dev/null 2>&1; do
    if [ $SECONDS -ge $end ]; then cat "$root/output" >&2; fail "$what"; fi
    kill -0 "$server" 2>/dev/null || { cat "$root/output" >&2; fail "the server ended"; }
    sleep 0.5
  done
}
healthy() { (in_image "${check[@]}"); }
start() {
  (in_image "${entrypoint[@]}" "${command[@]}") >"$root/output" 2>&1 &
  server=$!
  await 'the health check did not succeed within 60 s' 60 healthy
}
stop() {
  local code=0 began=$SECONDS
  kill -TERM "$server"
  wait "$server" || code=$?
  server=''
  [ "$code" -eq 0 ] || { cat "$root/output" >&2; fail "stopped with exit code $code"; }
  [ $((SECONDS - began)) -lt 30 ] || fail 'stopping took longer than the grace period of 30 s'
}
# Certificate of the server's own authority, which is checked.
api() {
  local path=$1
  shift
  curl -fsS --cacert "$root/data/tls/ca.crt" -H "Authorization: Bearer $key" "$@" "https://localhost:$port/api/v1$path"
}
stored() { api '/events?q=rehearsed' | grep -q 'rehearsed line'; }

step 'first start'
if healthy; then fail "something listens on port $port already"; fi
start
grep -q '/setup#token=' "$root/output" || { cat "$root/output" >&2; fail 'no set-up link was printed'; }
echo 'healthy; a set-up link is printed'
key=$(vedette key create --name rehearsal --scopes ingest,read --json | sed -E 's/.*"key":"([^"]+)".*/\1/')
printf '{"message":"rehearsed line"}' | api /events -H 'Content-Type: application/json' --data-binary @- >/dev/null
await 'the event did not arrive in the store' 20 stored
printf 'correct horse battery' | vedette user create --username rehearsal --role admin --password-stdin
stop
echo 'took an event in, and stopped cleanly'

step 'second start, same data folder'
start
if grep -q '/setup#token=' "$root/output"; then fail 'the administrator is gone: a set-up link is printed again'; fi
stored || fail 'the event is gone'
[ "$(api '/events?q=rehearsed' | grep -o 'rehearsed line' | wc -l)" -ge 1 ]
stop
echo 'administrator, key and event survived; stopped cleanly'
step 'rehearsal passed'
