"""What goes wrong around the bot: each fault against the real process, with what became of it.

python -m tests.faults                     every fault, as a table
python -m tests.faults --events 500        more questions in each
python -m tests.faults burst kill          only those
"""
