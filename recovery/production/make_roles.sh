#!/bin/sh
# Runs in the database's container when it makes its data. Later, after a change of passwords:
#   docker compose exec database sh /docker-entrypoint-initdb.d/make_roles.sh
set -e  # no -u: the image's entrypoint reads this file into itself where it is not executable
psql --no-psqlrc --quiet --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v database="$POSTGRES_DB" \
    -v owner=recovery_owner -v owner_password="$(cat /run/secrets/database_owner_password)" \
    -v app=recovery_app -v app_password="$(cat /run/secrets/database_app_password)" \
    -f /production/roles.sql
