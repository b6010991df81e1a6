#!/usr/bin/env bash
# Installs what the tests need on Debian or Ubuntu: real servers and the plain tools that must read our backups.
# Does nothing when everything is there. The S3 servers are unpacked into a private folder (see s3-server.sh).
set -euo pipefail
cd "$(dirname "$0")"

# program:package
needs=(
  sshd:openssh-server ssh-keygen:openssh-client ssh-agent:openssh-client sqlite3:sqlite3 python3:python3 zstd:zstd gzip:gzip age:age gpg:gnupg
  psql:postgresql-client podman:podman runc:runc busybox:busybox-static zsh:zsh fish:fish tcsh:tcsh openssl:openssl sqlcipher:sqlcipher
  setpriv:util-linux faketime:faketime ps:procps sudo:sudo curl:curl iptables:iptables
)
PATH=$PATH:/usr/sbin:/sbin
missing=()
for need in "${needs[@]}"; do
  command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
done
# One that runs by itself: the shim of a version manager does not.
for aws in $(type -aP aws) none; do
  env -i PATH=/nowhere "$aws" --version >/dev/null 2>&1 && break
done
[ "$aws" != none ] || missing+=(awscli)
[ -e /usr/share/i18n/locales/de_DE ] || missing+=(locales)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || missing+=(postgresql)

if [ ${#missing[@]} -gt 0 ]; then
  command -v apt-get >/dev/null || {
    echo "The tests need these Debian packages, or what they are called here: ${missing[*]}" >&2
    exit 1
  }
  sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  echo "Installing for the tests with ${sudo:+sudo }apt-get: ${missing[*]}"
  # The tests start a cluster of their own; the distribution's must not start one.
  if [ ! -e /etc/postgresql-common/createcluster.conf ]; then
    $sudo mkdir -p /etc/postgresql-common
    echo 'create_main_cluster = false' | $sudo tee /etc/postgresql-common/createcluster.conf >/dev/null
  fi
  $sudo apt-get update -qq
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confold "${missing[@]}" >/dev/null
fi

for suite in forky bookworm; do
  S3_SUITES=$suite bash ./s3-server.sh install >/dev/null
done
