"""Projects that come from others: regrouped, copied, split; both histories are kept. Imports proposals and funding."""
