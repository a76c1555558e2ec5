"""Episodes made of what the sources have, remembered, and kept up to date."""
