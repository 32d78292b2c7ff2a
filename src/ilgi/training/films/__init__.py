"""The embedded catalogue of films: from tables of facts to a checked list."""
