"""What is open of an archive's pairs, told to whoever looks, and what people chose of it."""
