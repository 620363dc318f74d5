"""Readers of one meaning: rendering, audit tables. Engines never import each other."""
