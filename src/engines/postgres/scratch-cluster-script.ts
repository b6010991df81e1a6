/** A server refuses to be root: then another user is chosen, and what can make a program his. */
const asServer = `
way=self
if [ "$(id -u)" = 0 ]; then
  user=
  for candidate in postgres nobody; do
    if id -u "$candidate" >/dev/null 2>&1; then user=$candidate; break; fi
  done
  if [ -z "$user" ]; then echo 'there is no user postgres or nobody, and root may not run a server' >&2; exit 4; fi
  uid=$(id -u "$user")
  gid=$(id -g "$user")
  if setpriv --reuid="$uid" --regid="$gid" --init-groups true 2>/dev/null; then way=setpriv
  elif runuser -u "$user" -- true 2>/dev/null; then way=runuser
  else way=su
  fi
fi
as_server() {
  case $way in
    self) exec "$@" ;;
    setpriv) exec setpriv --reuid="$uid" --regid="$gid" --init-groups "$@" ;;
    runuser) exec runuser -u "$user" -- "$@" ;;
    su) exec su -s /bin/sh "$user" -c 'exec "$@"' -- sh "$@" ;;
  esac
}
`;

/**
 * `BIN PORT`: makes a cluster in a private folder and says, in two lines, the folder of its log and that of its socket once it
 * answers. It stays until its stdin ends: because of us, or because we died. Then the server gets QUIT, at which it ends at
 * once and leaves no shared memory, while `initdb`, which would leave some, is waited for; the folders go last. Nobody hurries it:
 * a server whose files vanish below it would leave more.
 */
export const clusterScript = `${asServer}
umask 077
bin=$1 port=$2
folder= sockets= stopping= postmaster=
clean() {
  for try in 1 2 3; do
    rm -rf -- \${folder:+"$folder"} \${sockets:+"$sockets"} 2>/dev/null && return
    sleep 1
  done
}
trap 'trap "" HUP INT TERM PIPE; kill "$watch" 2>/dev/null; clean' EXIT
trap 'stopping=yes; [ -z "$postmaster" ] || kill -QUIT "$postmaster" 2>/dev/null' TERM HUP INT

exec 3<&0 </dev/null
( while read -r line <&3; do :; done; kill -TERM $$ ) >/dev/null 2>&1 &
watch=$!
exec 3<&-
TZ=UTC
export TZ

# A folder of the server's user, below $1 if he gets there.
make_folder() {
  made=$(mktemp -d "$1/holdfast.XXXXXXXX") || return 1
  if [ "$way" = self ]; then return; fi
  if chown "$uid:$gid" "$made" && ( as_server sh -c 'cd "$1" && [ -w . ]' sh "$made" ) 2>/dev/null; then return; fi
  rmdir "$made"
  return 1
}

# A signal ends a wait early.
wait_for() {
  while :; do
    wait "$1"
    status=$?
    kill -0 "$1" 2>/dev/null || return "$status"
  done
}

make_folder "\${TMPDIR:-/tmp}" || make_folder /tmp || { echo 'no temporary folder that its user gets into' >&2; exit 4; }
folder=$made
# The path of a socket has at most 103 bytes, 15 of them for its name; and it stands in a list, in quotes.
if [ "\${#folder}" -le 85 ] && case $folder in *[!A-Za-z0-9_/.+-]*) false ;; esac; then
  at=$folder
else
  make_folder /tmp || { echo 'no folder for a socket in /tmp' >&2; exit 4; }
  sockets=$made
  at=$sockets
fi
data=$folder/data
cd "$folder" || exit 1
# What is full half-way leaves shared memory.
free=$(df -Pk . 2>/dev/null | awk 'NR == 2 { print $4 }' 2>/dev/null)
if [ -n "$free" ] && [ "$free" -lt 65536 ]; then
  printf 'no space left in %s: it has %s KiB, and an empty cluster takes up to 65536\\n' "\${folder%/*}" "$free" >&2
  exit 4
fi

( as_server "$bin/initdb" -N -A trust -U postgres -E UTF8 --locale=C -D "$data" ) >initdb.log 2>&1 &
wait_for $! || { [ -n "$stopping" ] || tail -n 5 initdb.log >&2; exit 3; }
[ -z "$stopping" ] || exit 3

cat >>"$data/postgresql.conf" <<END || exit 3
listen_addresses = ''
unix_socket_directories = '$at'
port = $port
max_connections = 20
superuser_reserved_connections = 0
max_locks_per_transaction = 8192
shared_buffers = 64MB
maintenance_work_mem = 64MB
dynamic_shared_memory_type = mmap
fsync = off
full_page_writes = off
synchronous_commit = off
wal_level = minimal
max_wal_senders = 0
autovacuum = off
autovacuum_max_workers = 1
log_min_messages = error
END

( as_server "$bin/postgres" -D "$data" ) >log 2>&1 &
starter=$!
postmaster=$starter
tries=0
while :; do
  if [ -n "$stopping" ]; then kill -QUIT "$postmaster" 2>/dev/null; break; fi
  if "$bin/psql" -X -w -h "$at" -p "$port" -U postgres -d postgres -c 'SELECT 1' >/dev/null 2>&1; then
    # Behind runuser or su it is another process.
    read -r postmaster <"$data/postmaster.pid"
    if [ -n "$stopping" ]; then kill -QUIT "$postmaster" 2>/dev/null; break; fi
    printf '%s\\n' "$folder" "$at"
    break
  fi
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ] || ! kill -0 "$starter" 2>/dev/null; then
    tail -n 5 log >&2
    kill -QUIT "$postmaster" 2>/dev/null
    break
  fi
  sleep 0.1 2>/dev/null || sleep 1
done
wait_for "$starter"
while kill -0 "$postmaster" 2>/dev/null; do sleep 1; done
[ -n "$stopping" ] || tail -n 5 log >&2
exit 1
`;
