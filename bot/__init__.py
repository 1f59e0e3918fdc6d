"""ILR Helpdesk: answers ILR questions from curated knowledge and checks learner records."""

__version__ = "0.2.0"
