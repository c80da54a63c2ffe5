"""What every family of cases is made of: commands, events, the circumstances of an act, refusals, roles, the fold.

The families (card, custody, complaint, finding, jurisdiction) stand on it and not on each other's shape.
"""
