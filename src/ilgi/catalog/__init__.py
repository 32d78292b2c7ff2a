"""Catalogues: the items of one domain, and the sources that they are read from."""
