"""The API for people and their tools, version 1."""
