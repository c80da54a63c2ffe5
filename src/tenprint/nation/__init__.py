"""A synthetic country written into facts: counties with known truths, to measure what a review sees and misses."""
