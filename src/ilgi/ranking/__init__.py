"""Rankers: what a reading calls for, against every item of a catalogue."""
