"""One module a migration, in order of its revision."""
