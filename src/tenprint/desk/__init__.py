"""The desk: pages on which anybody files a complaint, keeps a receipt, comes back and reads the answer.

Server-rendered, no JavaScript, no cookies, nothing from elsewhere; ten languages. A second set of pages, for one named
person of the rights office on their own machine, takes paper forms and calls in.
"""

from tenprint.desk.app import Settings, public_app
from tenprint.desk.sheets import sheets
from tenprint.desk.staff import staff_app

__all__ = ["Settings", "public_app", "sheets", "staff_app"]
