"""Funding and monitoring records of an aim: types, codes, dates and what they go with."""
