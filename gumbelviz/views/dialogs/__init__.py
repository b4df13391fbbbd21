"""Windows beside the window: settings, commands, keys, faults. Each loads when it is first opened."""
