"""Portfolio: home pages, lists and search: what needs everyone lives where everyone is visible."""
