"""The embedded catalogue of songs: from tables of songs to places on the axes of sound."""
