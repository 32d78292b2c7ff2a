"""Model 2: an affect vector → the probability of each label of a domain."""
