"""Short conversations with the real process, drawn as pictures: see README.md here."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from PIL import Image

from bot.helpdesk import Helpdesk
from bot.slack.blocks.returns import ReturnAhead, reminder_set, return_post
from bot.slack.payloads import ReturnPayload
from bot.years import AcademicYear
from tests.support.app_process import AppProcess
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import BOT_USER, Message, View

Scene = dict[str, Any]
HERE = Path(__file__).parent
COLOURS = 200
"""Few enough to keep the files small, enough for the picture of a timeline."""
QUESTION = "Does a learner with several placements need one ZWRKX001 aim or one for each?"
RECORD = """\
<LearningDelivery>
  <LearnAimRef>ZWRKX001</LearnAimRef>
  <AimType>4</AimType>
  <AimSeqNumber>3</AimSeqNumber>
  <LearnStartDate>2026-10-12</LearnStartDate>
  <LearnPlanEndDate>2027-07-16</LearnPlanEndDate>
  <FundModel>25</FundModel>
  <DelLocPostCode>ZZ99 9ZZ</DelLocPostCode>
  <CompStatus>1</CompStatus>
  <LearningDeliveryWorkPlacement>
    <WorkPlaceStartDate>2026-10-05</WorkPlaceStartDate>
    <WorkPlaceEndDate>2026-10-02</WorkPlaceEndDate>
    <WorkPlaceHours>30</WorkPlaceHours>
    <WorkPlaceMode>2</WorkPlaceMode>
  </LearningDeliveryWorkPlacement>
</LearningDelivery>
"""


class Stage:
    """Where the scenes are played: people, a channel, and the pictures so far."""

    def __init__(self, slack: SlackStandIn) -> None:
        self.slack = slack
        self.amina = slack.person("Amina")
        self.gwen = slack.person("Gwen")
        self.team = slack.channel("mis-team")
        self.scenes: dict[str, Scene] = {}

    def draw(self, name: str, *messages: Message) -> None:
        """A picture of messages, in this order."""
        self.scenes[name] = {
            "people": self._people(),
            "messages": [self._message(message) for message in messages],
        }

    def draw_view(self, name: str, view: View) -> None:
        """A picture of a modal or Home tab."""
        self.scenes[name] = {
            **view.content,
            "people": self._people(),
            "blocks": self._with_files(view.blocks),
        }

    def _people(self) -> dict[str, str]:
        return {user: one["real_name"] for user, one in self.slack.world.people.items()}

    def _with_files(self, blocks: list[Scene]) -> list[Scene]:
        """Pictures that Slack holds, as the renderer can show them."""
        return [
            {"type": "image", "alt_text": one["alt_text"], "image_url": self._data(one)}
            if one["type"] == "image"
            else one
            for one in blocks
        ]

    def _data(self, block: Scene) -> str:
        content = self.slack.world.files[block["slack_file"]["id"]].content
        return f"data:image/png;base64,{base64.b64encode(content).decode()}"

    def _message(self, message: Message) -> Scene:
        scene: Scene = {
            "text": message.text,
            "private": message.private_to is not None,
            "files": [file["name"] for file in message.files if not _is_picture(file)],
        }
        if message.by_the_app:
            scene["blocks"] = self._with_files(message.blocks) + [
                {
                    "type": "image",
                    "alt_text": file["title"],
                    "image_url": self._data({"slack_file": file}),
                }
                for file in message.files
                if _is_picture(file)
            ]
        else:
            scene["from"] = self.slack.world.people[message.user]["real_name"]
        return scene


def _is_picture(file: Scene) -> bool:
    return str(file["name"]).endswith(".png")


def questions(stage: Stage) -> None:
    """An answer, choices, and nothing to say."""
    for name, question in (
        ("answer", QUESTION),
        ("choices", "When do I close the aim?"),
        ("none", "How are exam access arrangements booked with the board?"),
        ("covid", "Can we do substitute activities this year?"),
        ("rule", "What does WorkPlaceStartDate_02 mean?"),
    ):
        asked = stage.amina.mentions(question, stage.team)
        stage.draw(name, asked, stage.slack.reply_to(asked))
    asked = stage.amina.mentions(QUESTION, stage.team)
    answer = stage.slack.reply_to(asked)
    stage.amina.clicks("More", on=answer).acknowledged()
    stage.slack.wait_until(lambda: "Less" in answer.words or None, what="all of it")
    stage.draw("answer-opened", asked, answer)
    stage.amina.clicks("Less", on=answer).acknowledged()
    stage.slack.wait_until(lambda: "More" in answer.words or None, what="the first view")
    stage.amina.clicks("That solved it", on=answer).acknowledged()
    stage.slack.wait_until(lambda: "✓" in answer.words or None, what="a tick")
    stage.draw("solved", asked, answer)
    shot = stage.amina.shares_file(
        "Screenshot.png", b"not a real picture", text=QUESTION, mode="hosted"
    )
    shot.files = []  # what it shows is not drawn
    stage.draw("picture", shot, stage.slack.reply_to(shot))


def checks(stage: Stage) -> None:
    """The form, its report, why, and a record where it should not be."""
    slack, amina = stage.slack, stage.amina
    amina.types("/ilr check", stage.team).acknowledged()
    form = slack.modal_for(amina, saying="Paste a record")
    stage.draw_view("check-form", form)
    amina.submits(form, record=RECORD).acknowledged()
    slack.wait_for("views.update", timeout=30)
    report = slack.modal_for(amina, saying="What the check found")
    stage.draw_view("check-result", report)
    amina.clicks("Why?", on=report).acknowledged()
    stage.draw_view("why", slack.modal_for(amina, saying="To clear it"))
    sent = amina.shares_file("learner.xml", RECORD, mode="hosted")
    found = slack.reply_to(sent, saying="WorkPlace")
    slack.wait_until(lambda: len(slack.replies_to(sent)) > 1 or None, 30, "the picture")
    stage.draw("check-in-messages", sent, *slack.replies_to(sent))
    stage.draw("check-folds", opened(found))
    amina.clicks("Share without values", on=found).acknowledged()
    stage.draw_view("share", slack.modal_for(amina, saying="This is all that is shared"))
    amina.clicks("Copy with invented people", on=found).acknowledged()
    slack.wait_until(lambda: len(slack.replies_to(sent)) > 2 or None, 30, "the copy")
    stage.draw("copy", sent, slack.replies_to(sent)[-1])
    pasted = amina.mentions(RECORD, stage.team)
    pasted.text = "<Learner> … (a whole record)"
    stage.draw("record-in-channel", slack.only_for(amina, saying="delete your message"))


def opened(message: Message) -> Message:
    """The folds of a message, opened."""
    folds = [one for one in message.blocks if one["type"] == "container"]
    return replace(message, blocks=[{**one, "default_collapsed": False} for one in folds])


def people(stage: Stage, triage_name: str) -> None:
    """Not quite, and a person who takes over."""
    slack, amina, gwen = stage.slack, stage.amina, stage.gwen
    asked = amina.mentions(QUESTION, stage.team)
    reply = slack.reply_to(asked)
    amina.clicks("Not quite", on=reply).acknowledged()
    stage.draw_view("not-quite", slack.modal_for(amina, saying="What was wrong"))
    amina.clicks("Ask a person", on=reply).acknowledged()
    triage = next(c for c in slack.world.channels.values() if c.name == triage_name)
    passed = slack.wait_until(lambda: slack.posted_in(triage) or None, what="triage")[-1]
    stage.draw("triage", passed)
    gwen.clicks("I'll take it", on=passed).acknowledged()
    taken = slack.reply_to(asked, saying="has taken")
    gwen.says(f"<@{amina.id}> One aim is right for yours.", triage, thread=passed)
    said = slack.reply_to(asked, saying="One aim is right")
    stage.draw("person", *slack.replies_to(asked)[1:-2], taken, said)


def home(stage: Stage) -> None:
    """The Home tab, and what /ilr can say."""
    slack, amina = stage.slack, stage.amina
    slack.settle()
    amina.opens_home().acknowledged()
    stage.draw_view("home", slack.home_of(amina))
    for name in ("help", "dates", "topics"):
        reader: Person = slack.person("Amina")
        reader.types(f"/ilr {name}", stage.team).acknowledged()
        stage.draw(f"command-{name}", slack.only_for(reader))
    topics = slack.only_for(reader)
    reader.clicks("Evidence and audit", on=topics).acknowledged()
    slack.wait_until(lambda: "Evidence" in topics.words or None, what="a topic")
    stage.draw("topic", topics)


def returns(stage: Stage) -> None:
    """The post before a return, and what somebody hears who wants to be reminded.

    Built, not played: it comes in working hours of one day.
    """
    helpdesk = Helpdesk.open()
    facts = helpdesk.knowledge.specification.for_year(AcademicYear(2026)).facts
    entries = helpdesk.knowledge.entries.values()
    r04 = next(one for one in facts.returns if one.code == "R04")
    ahead = ReturnAhead(
        year=AcademicYear(2026),
        closing=r04,
        today=date(2026, 11, 27),
        days=5,
        to_check=[(e.id, e.question) for e in entries if "R04" in e.before_returns],
        asked_last_time=[
            (e, helpdesk.knowledge.entries[e].question, times)
            for e, times in (("when-planned-hours-lock", 12), ("one-aim-many-placements", 7))
        ],
        note=facts.returns_note or "",
    )
    about = ReturnPayload(year=AcademicYear(2026), code="R04")
    kept = reminder_set(about, r04.closes, date(2026, 12, 3))
    for name, post, person in (
        ("return", return_post(ahead), None), ("reminder", kept, stage.amina.id),
    ):  # fmt: skip
        message = Message(stage.team.id, "1.1", BOT_USER, post.text, post.fitted().blocks)
        stage.draw(name, replace(message, private_to=person))


def main(output: str) -> None:
    """Play every scene and draw it into ``output``."""
    with SlackStandIn() as slack, tempfile.TemporaryDirectory() as folder:
        triage = slack.channel("mis-triage")
        settings = {"ILR_TRIAGE_CHANNEL": triage.id, "ILR_SEMANTIC": "auto"}
        with AppProcess.started(slack, Path(folder), "http", **settings):
            stage = Stage(slack)
            questions(stage)
            checks(stage)
            people(stage, triage.name)
            home(stage)
            returns(stage)
        scenes = Path(folder) / "scenes.json"
        scenes.write_text(json.dumps(stage.scenes), encoding="utf-8")
        subprocess.run(["node", str(HERE / "render.mjs"), str(scenes), output], check=True)
    for name in stage.scenes:
        shrink(Path(output) / f"{name}.png")


def shrink(picture: Path) -> None:
    """A third of the size: a screen of text needs few colours."""
    with Image.open(picture) as opened:
        opened.convert("RGB").quantize(COLOURS).save(picture, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
