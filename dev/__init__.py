"""Tooling behind ./cc: standard library only, because it runs before anything is set up."""
