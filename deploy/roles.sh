#!/bin/bash
# Runs once, when PostgreSQL makes its cluster: who logs in, and the database.
# uitvraag_owner changes the schema, for `migrate`. uitvraag owns nothing; in
# each transaction `serve` takes on the one role that the work needs.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" --username "$POSTGRES_USER" --dbname postgres <<'SQL'
create role collect;
create role fieldwork;
create role analysis;
create role audit;
create role uitvraag_owner login createrole password :'owner';
create role uitvraag login noinherit password :'app';
grant collect, fieldwork, analysis, audit to uitvraag_owner with admin option;
grant collect, fieldwork, analysis, audit to uitvraag;
create database uitvraag owner uitvraag_owner;
SQL
