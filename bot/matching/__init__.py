"""Matching: a question to ranked knowledge entries and how sure we are.

    matcher = Matcher.build(candidates, Vocabulary(groups, codes), cache_dir=path)
    for question in split_questions(message):
        match = matcher.match(question)

Nothing here knows YAML, Slack or answers: the caller makes candidates of its entries.
"""

from bot.matching.calibration import Limits
from bot.matching.encoder import Encoder, find_encoder
from bot.matching.followup import carry_over
from bot.matching.found import Candidate, Match, Ranked, Why
from bot.matching.matcher import Matcher, Ready
from bot.matching.splitting import Part, split_questions
from bot.matching.text import clean
from bot.matching.thread import InThread
from bot.matching.words import Expansion, Repair, Vocabulary

__all__ = [
    "Candidate",
    "Encoder",
    "Expansion",
    "InThread",
    "Limits",
    "Match",
    "Matcher",
    "Part",
    "Ranked",
    "Ready",
    "Repair",
    "Vocabulary",
    "Why",
    "carry_over",
    "clean",
    "find_encoder",
    "split_questions",
]
