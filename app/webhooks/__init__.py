"""Webhooks: what happens on a board is sent to the addresses that people gave, in order and at least once."""
