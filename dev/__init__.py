"""Tooling behind ./cc, standard library only: it runs before anything is set up."""
