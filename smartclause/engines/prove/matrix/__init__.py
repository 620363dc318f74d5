"""The matrix: for each value of some facts of an act what the verdict can be, and which sentences decide it."""
