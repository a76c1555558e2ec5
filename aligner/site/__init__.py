"""A page that anyone can host: static files of one episode or of many."""
