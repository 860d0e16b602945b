"""Tests read as sentences with a fixed cast; see cast.py."""
