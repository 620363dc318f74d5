"""Decide: may this act be done now? Generated Python answers, in agreement with the reference."""
