"""Custody: where a person is, by what authority, and what is owed when there is none."""
