"""Backup and restore: the whole installation, database and files, in one file."""
