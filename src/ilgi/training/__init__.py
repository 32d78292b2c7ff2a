"""Training: from raw tables to a bundle, once, offline."""
