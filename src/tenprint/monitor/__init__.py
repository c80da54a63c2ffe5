"""The quarterly review: is one place unlike its peers, did bookings change after activation, and could we have seen it.

Reads facts through definitions; knows nothing of ledger, cases or web. What it finds it flags, with the rule that was
registered before; what becomes of a flag is a case that people answer for (`tenprint.cases.finding`).
"""
