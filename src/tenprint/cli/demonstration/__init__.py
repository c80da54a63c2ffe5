"""The demonstration: a synthetic county from 2010 to 2013, people in `people.toml`, played upon a real exchange.

People are trees, desks are birds. What is shown at the end is read from the exchange, not from the script.
"""
