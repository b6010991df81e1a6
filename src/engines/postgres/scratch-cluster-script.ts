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

/** `FOLDER`: gives a private folder to the user of the server; says `yes` when he gets there, else `no`. */
export const giveFolderScript = `${asServer}
if [ "$way" != self ]; then chown "$uid:$gid" "$1" || exit 1; fi
if ( as_server sh -c 'cd "$1" && [ -w . ]' sh "$1" ) 2>/dev/null; then echo yes; else echo no; fi
`;

/**
 * `BIN FOLDER SOCKETS PORT`: makes a cluster in FOLDER, says `ready` once it answers, and stays as long as it runs. What
 * stops it is TERM, as from the tether: then the server gets QUIT, at which it ends at once and leaves no shared memory,
 * while `initdb`, which would leave some, is waited for.
 */
export const clusterScript = `${asServer}
umask 077
bin=$1 folder=$2 sockets=$3 port=$4
data=$folder/data
stopping=
postmaster=
trap 'stopping=yes; [ -z "$postmaster" ] || kill -QUIT "$postmaster" 2>/dev/null' TERM HUP INT
detached=
if command -v setsid >/dev/null 2>&1; then detached=setsid; fi
TZ=UTC
export TZ
cd "$folder" || exit 1

# A signal ends a wait early.
wait_for() {
  while :; do
    wait "$1"
    status=$?
    kill -0 "$1" 2>/dev/null || return "$status"
  done
}

( as_server $detached "$bin/initdb" -N -A trust -U postgres -E UTF8 --locale=C -D "$data" ) >initdb.log 2>&1 </dev/null &
wait_for $! || { [ -n "$stopping" ] || tail -n 5 initdb.log >&2; exit 3; }
[ -z "$stopping" ] || exit 3

cat >>"$data/postgresql.conf" <<END || exit 3
listen_addresses = ''
unix_socket_directories = '$sockets'
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

( as_server "$bin/postgres" -D "$data" ) >log 2>&1 </dev/null &
starter=$!
postmaster=$starter
tries=0
while :; do
  if [ -n "$stopping" ]; then kill -QUIT "$postmaster" 2>/dev/null; break; fi
  if "$bin/psql" -X -w -h "$sockets" -p "$port" -U postgres -d postgres -c 'SELECT 1' >/dev/null 2>&1; then
    # Behind runuser or su it is another process.
    read -r postmaster <"$data/postmaster.pid"
    echo ready
    break
  fi
  tries=$((tries + 1))
  if [ "$tries" -gt 600 ] || ! kill -0 "$starter" 2>/dev/null; then
    tail -n 5 log >&2
    kill -QUIT "$postmaster" 2>/dev/null
    exit 5
  fi
  sleep 0.1 2>/dev/null || sleep 1
done
wait_for "$starter"
while kill -0 "$postmaster" 2>/dev/null; do sleep 1; done
[ -n "$stopping" ] || tail -n 5 log >&2
exit 1
`;
