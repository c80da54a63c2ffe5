"""The command line: one thin module per group of commands, each importing its rooms only when it runs.

Contract of names, options and JSON keys: docs/reference/commands. Exit codes: 0 good, 1 findings, 2 unusable input,
70 our crash.
"""
