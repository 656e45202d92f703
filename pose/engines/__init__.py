"""Inference engines behind one call: `select.create_engine` chooses, `base.Engine` is what each of them is."""
