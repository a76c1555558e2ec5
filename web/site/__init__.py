"""An episode as a folder that any web host sends, and what its page is made of."""
