"""The life of a model version: smoke queries, the gate, promotion and roll-back, pruning."""
