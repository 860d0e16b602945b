"""Settings, read from the environment, frozen, asked for per door."""
