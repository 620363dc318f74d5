"""What the fast engines share: one lowering of the meaning, and the past as they read it."""
