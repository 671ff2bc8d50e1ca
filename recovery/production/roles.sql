-- Two roles, so that a stolen password of the app cannot rewrite what happened.
--   owner  owns the database and its tables, and migrates
--   app    reads and writes rows; manage.py prepare_database says which
-- For psql, as a superuser, with -v database= owner= owner_password= app= app_password=. May run again: then it sets
-- both passwords anew.

\set ON_ERROR_STOP on

SELECT format('CREATE ROLE %I', name) FROM (VALUES (:'owner'), (:'app')) AS wanted (name)
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec

ALTER ROLE :"owner" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'owner_password';
ALTER ROLE :"app" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION PASSWORD :'app_password';
-- Pages ask for little in large statements: compiling one takes longer than running it.
ALTER ROLE :"app" SET jit = off;

ALTER DATABASE :"database" OWNER TO :"owner";
REVOKE ALL ON DATABASE :"database" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"database" TO :"app";
