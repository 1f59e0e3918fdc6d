"""A file that is streamed puts back what stands outside its element, as a small one does."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from bot.helpdesk import Helpdesk
from tests.support.whole_files import check_file

FAM = (
    "<LearningDeliveryFAM><LearnDelFAMType>SOF</LearnDelFAMType></LearningDeliveryFAM>"
    "<LearnDelFAMCode>107</LearnDelFAMCode>"
)
RETURN = (
    '<Message xmlns="ILR/2026-27"><Learner><LearnRefNumber>A1</LearnRefNumber>\n'
    "<LearningDelivery><LearnAimRef>60149735</LearnAimRef><AimSeqNumber>1</AimSeqNumber>"
    f"\n{FAM}</LearningDelivery></Learner></Message>"
)


def test_a_code_outside_its_fam_is_the_fams(helpdesk: Helpdesk, tmp_path: Path) -> None:
    path = tmp_path / "return.xml"
    path.write_text(RETURN, encoding="utf-8")
    day = date(2026, 12, 1)
    totals, batches = check_file(
        path, helpdesk.knowledge, year=None, on=day, today=day, jobs=1, names=False
    )
    said = [remark for batch in batches for remark in batch.problems]
    whole = helpdesk.check(RETURN.encode(), on=day)
    outside = "LearnDelFAMCode stands outside a LearningDeliveryFAM"
    assert [one.line for one in said if one.message.startswith(outside)] == [3]
    assert totals.by_rule.keys() == {one.rule for one in whole.findings}
