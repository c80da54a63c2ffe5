"""One script a claim. Each measures Tenprint against a peer in the same run and prints the ratio; none is a test."""
