"""Desks of the exchange: people sign in, see what is owed where they are, and act as themselves.

Server-rendered, no script. What a page shows and takes stands in one table (``policy.toml``); nothing else is served.
"""

from tenprint.desk.service.app import ServiceSettings, service_app

__all__ = ["ServiceSettings", "service_app"]
