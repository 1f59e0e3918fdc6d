"""What a college can download or knows: LARS, postcodes, registers, its own details.

Each file is loaded once into a small SQLite database, then only read. ``ReferenceData`` is what
the rules ask; what is not held makes a rule "not run".
"""
