"""The commands, by what they are for. Each turns its arguments into one call and prints the result.

What is slow to import is imported inside a command, so that the others start at once.
"""
