"""Rules across records: doubles, overlaps, and what must be there with what."""
