"""Serving by waitress: how long each client may take, whose body is taken in, whose request is answered when."""
