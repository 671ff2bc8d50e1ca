"""PostgreSQL, Valkey and all of Recovery from one directory, without anything installed on the system."""
