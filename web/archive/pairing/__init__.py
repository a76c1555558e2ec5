"""Which text is that of which sound: what is told of either, what speaks for a pair, and all of them assigned."""
