"""An episode whose sound was cut, mixed or encoded anew: where the old sound is in the new one, and what that moves."""
