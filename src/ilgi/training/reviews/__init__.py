"""Reviews of known items: read, cleaned, and what is known of the items."""
