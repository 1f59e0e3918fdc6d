"""Which words tell nobody: those that our knowledge uses; and which are people's names."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from bot.yaml_files import shipped_knowledge

__all__ = [
    "is_code",
    "is_given_name",
    "is_known",
    "is_ordinary",
    "is_surname",
    "learn_words",
    "learned",
]

_WORD = re.compile(r"[^\W\d_]+")
_ADDRESS = re.compile(r"https?://\S+")
_CODE = re.compile(r"(?<![\w-])(?=[A-Z]*\d)[A-Z0-9]{4,10}(?![\w-])")
_COMMON = frozenset(
    """
    about above absolutely access across actually additional advice afghanistan afternoon again ages
    ago agreed albania all already alright also although always amazing annoying any anybody anyone
    anything anyway apologies app apparently appreciate appreciated apr april april's are aren
    around ask asked asking aug august australia autumn aware awful background baffled bangladesh
    bank because been before behind below between bit bless bloody boss both brazil brill brilliant
    britain british btw buildings bulgaria bump but bye call called calling came can canada cannot
    carry chap chaps check cheeky cheers christmas clear colleague colleagues college come comments
    confused confusing could couldn couple crazy curious currently daft day days dear dec december
    desperate did didn different does doesn don done drop each easter easy either else email end
    england english eritrea ethiopia evening ever every everybody everyone everything exactly
    example excel excuse experts explain extra fab fair feb february feel few figure final finally
    find first firstly five folks following forgive four france fri friday from full fun general
    genuinely germany get gets getting ghana girl give given gives giving glad going good google got
    government gratefully great greatly greece group guess guys had half happy has hasn have haven
    having hear heard hello help helpful her here hey hiya hmm hold holiday honestly hope hopefully
    hoping hours how however huge hungary hurry idea ideally ideas important include instead
    interesting into iran iraq ireland irish isn issue issues italy its jan january jul july jun
    june just keep keeping kind kindly knocked knocks know ladies laptop large last late later least
    lesson let level like likely list literally lithuania little live local log london long look
    looked looking looks lot lots love lovely ltd luckily lunch mac made main mainly make makes
    making many mar march massive maybe mean means meanwhile meeting merry message mid might mind
    mine mon monday month more morning most much must name name's need needed needs neither nepal
    never new next nice nigeria nobody none nope not note nothing nov november now number obviously
    oct october okay old once one only onto open option other others our out over overall page
    pakistan panic part paste people perhaps philippines plc please plus point poland portugal
    possible possibly posted presumably probably problem purely put query question questions quick
    quickly quite random rather read ready really reason received recently regarding regards
    rejections remember reminder reply right romania roughly running safely said same sat saturday
    save say saying says scotland scottish screen screenshot second secondly see seem seems seen
    sense sent sep sept september serious seriously several she short should shouldn show showing
    similar simple since six sixth slack slightly small somalia some somebody someone something
    sometimes somewhere soon sorry sort spain spreadsheet spring still structures struggling stuck
    stumped stupid such sudan summer sun sunday suppose supposed sure surely syria take taken talk
    talking team teams tell telling ten term than thank thanks that the their them then there these
    they thing things think thinking thirdly this those though thought three through thu thur thurs
    thursday tia time times today together told tomorrow tonight too took total totally tried try
    trying tue tues tuesday turkey twice two uganda ugh ukraine unclear under understand
    unfortunately university unless until update urgent urgently use used user users using usual
    usually various very via vietnam wait waiting wales want wanted wants was wasn way wed wednesday
    week weekend weekly weeks weird welcome well welsh went were weren what whatever when whenever
    where whereas whether which while who whoever whole whose why will windows winter wish with
    within without won wonder wondering word work works worried would wouldn wow wrong xmas year
    years yep yes yesterday yet you young your yours zimbabwe zoom
    """.split()
)
"""Words of ordinary English that a message may begin with, and days, months and countries that are
nobody's name."""
_FOLDERS: list[Path] = []


class _Vocabulary:
    """The words of the knowledge files: all of them, and those written in small letters.

    Addresses are left out: their names and numbers are made of any letters ("45d9-7224de138").
    """

    def __init__(self, folders: tuple[Path, ...]) -> None:
        self.known = set(_COMMON)
        self.ordinary = set(_COMMON)
        self.codes: set[str] = set()
        for folder in folders:
            for path in folder.rglob("*.yaml"):
                text = _ADDRESS.sub(" ", path.read_text(encoding="utf-8", errors="replace"))
                found = set(_WORD.findall(text))
                self.known |= {word.casefold() for word in found}
                self.ordinary |= {word for word in found if word.islower()}
                self.codes |= set(_CODE.findall(text))


@lru_cache(maxsize=4)
def _vocabulary(folders: tuple[Path, ...]) -> _Vocabulary:
    return _Vocabulary(folders)


@lru_cache(maxsize=2)
def _listed(name: str) -> frozenset[str]:
    text = (Path(__file__).parent / name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in line.split())


def learn_words(folder: Path) -> None:
    """Words of a provider's own knowledge tell nobody either: they stay in what is kept."""
    if folder not in _FOLDERS:
        _FOLDERS.append(folder)


def learned() -> tuple[Path, ...]:
    """The folders whose words were learned."""
    return tuple(_FOLDERS)


def _words() -> _Vocabulary:
    return _vocabulary((shipped_knowledge(), *_FOLDERS))


def is_known(word: str) -> bool:
    """Whether our knowledge uses a word, in capitals or not."""
    return word.casefold() in _words().known


def is_ordinary(word: str) -> bool:
    """Whether our knowledge writes a word in small letters: it is no name, or one as well."""
    return word.casefold() in _words().ordinary


def is_code(text: str) -> bool:
    """Whether our knowledge names a code, aim or rule of just these characters."""
    return text.upper() in _words().codes


def is_given_name(word: str) -> bool:
    """Whether it is a common given name."""
    return word.casefold() in _listed("given-names.txt")


def is_surname(word: str) -> bool:
    """Whether it is a common surname."""
    return word.casefold() in _listed("surnames.txt")
