"""Formulas as Python source (design 4)."""
