"""Inputs that nobody meant, by the thousand: nothing may fall over, hang, or say what it was given.

    python -m tests.fuzz                          every target, a minute each
    python -m tests.fuzz readers --minutes 30     one of them, longer
    python -m tests.fuzz readers --only 4711      one input again, with its traceback

    make fuzz                                     a minute of new inputs, by grammar

Input number n is the same in every run. The automatic tests run the first few hundred of each.
"""
