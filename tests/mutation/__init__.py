"""Whether the tests would notice: the code is changed in one place, and its tests are run.

python -m tests.mutation                        a sample of every target
python -m tests.mutation calendar --sample 60   more of one
python -m tests.mutation privacy --only 412     one mutant again, with what pytest says

Mutant number n of a file is the same until the file changes; which are sampled follows from
--seed. Texts, annotations, decorators and calls of the log are left as they are.
"""
