"""The record: the only SQL and the only RQ client. A table and its queries live together."""
