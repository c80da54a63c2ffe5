"""Scripts that make what the repository keeps: reference pages, tables, pictures, the network's weights."""
