"""The only readers of the tables. Each opens a consistent view that cannot write."""
