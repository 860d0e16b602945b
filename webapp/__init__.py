"""The web doors: the panel, the SMS webhooks, the terminals' listener and the commands."""
