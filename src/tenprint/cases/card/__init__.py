"""The card's own case: taken in, searched, answered; query, determination, decision, request; late facts, outcome."""
