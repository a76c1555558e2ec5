"""Care for a library: back it up, restore it, and check the machine that serves it."""
