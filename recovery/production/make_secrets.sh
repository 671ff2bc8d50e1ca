#!/bin/sh
# Makes the passwords and keys that docker-compose.yml reads; what is there already stays as it is.
# Containers see the files as they are here and run as other users: so the files are readable, and the directory that
# holds them lets nobody but its owner in.
set -eu
directory="${SECRETS:-$(dirname "$0")/../../.secrets}"
mkdir -p "$directory"
chmod 0700 "$directory"
cd "$directory"

random() { head -c 96 /dev/urandom | base64 | tr -d '\n+/=' | cut -c 1-"$1"; }

make() {
    [ -e "$1" ] && return
    printf '%s' "$2" >"$1.new"
    chmod 0444 "$1.new"
    mv "$1.new" "$1"
    echo "made $directory/$1"
}

make secret_key "$(random 56)"
make database_password "$(random 32)"
make database_owner_password "$(random 32)"
make database_app_password "$(random 32)"
make email_password ""
