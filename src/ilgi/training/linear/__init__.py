"""Fitting the linear emotion model."""
