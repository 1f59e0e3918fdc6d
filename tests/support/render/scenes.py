"""Short conversations with the real process, drawn as pictures: see README.md here."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from PIL import Image

from tests.support.app_process import AppProcess
from tests.support.slack_people import Person
from tests.support.slack_standin import SlackStandIn
from tests.support.slack_world import Message, View

Scene = dict[str, Any]
HERE = Path(__file__).parent
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
            "people": {user: one["real_name"] for user, one in self.slack.world.people.items()},
            "messages": [self._message(message) for message in messages],
        }

    def draw_view(self, name: str, view: View) -> None:
        """A picture of a modal or Home tab."""
        self.scenes[name] = view.content

    def _message(self, message: Message) -> Scene:
        scene: Scene = {
            "text": message.text,
            "private": message.private_to is not None,
            "files": [file["name"] for file in message.files],
        }
        if message.by_the_app:
            scene["blocks"] = message.blocks
        else:
            scene["from"] = self.slack.world.people[message.user]["real_name"]
        return scene


def questions(stage: Stage) -> None:
    """An answer, choices, and nothing to say."""
    for name, question in (
        ("answer", QUESTION),
        ("choices", "placement hours"),
        ("none", "Who won the match?"),
        ("covid", "Can we do substitute activities this year?"),
        ("rule", "What does WorkPlaceStartDate_02 mean?"),
    ):
        asked = stage.amina.mentions(question, stage.team)
        stage.draw(name, asked, stage.slack.reply_to(asked))


def checks(stage: Stage) -> None:
    """The form, its report, why, and a record where it should not be."""
    slack, amina = stage.slack, stage.amina
    amina.types("/ilr check", stage.team).acknowledged()
    form = slack.modal_for(amina, saying="Paste a record")
    stage.draw_view("check-form", form)
    amina.submits(form, record=RECORD).acknowledged()
    report = slack.modal_for(amina, saying="What the check found")
    stage.draw_view("check-result", report)
    amina.clicks("Why?", on=report).acknowledged()
    stage.draw_view("why", slack.modal_for(amina, saying="Source"))
    sent = amina.shares_file("learner.xml", RECORD, mode="hosted")
    stage.draw("check-in-messages", sent, slack.reply_to(sent, saying="WorkPlace"))
    pasted = amina.mentions(RECORD, stage.team)
    pasted.text = "<Learner> … (a whole record)"
    stage.draw("record-in-channel", slack.only_for(amina, saying="delete your message"))


def people(stage: Stage, triage_name: str) -> None:
    """Not quite, and a person who takes over."""
    slack, amina, gwen = stage.slack, stage.amina, stage.gwen
    asked = amina.mentions(QUESTION, stage.team)
    reply = slack.reply_to(asked)
    amina.clicks("Not quite", on=reply).acknowledged()
    stage.draw_view("not-quite", slack.modal_for(amina, saying="What is the matter"))
    amina.clicks("Ask a person", on=reply).acknowledged()
    triage = next(c for c in slack.world.channels.values() if c.name == triage_name)
    passed = slack.wait_until(lambda: slack.posted_in(triage) or None, what="triage")[-1]
    stage.draw("triage", passed)
    gwen.clicks("I'll take it", on=passed).acknowledged()
    taken = slack.reply_to(asked, saying="has taken")
    gwen.says("One aim is right for yours.", triage, thread=passed)
    said = slack.reply_to(asked, saying="One aim is right")
    stage.draw("person", *slack.replies_to(asked)[1:-2], taken, said)


def home(stage: Stage) -> None:
    """The Home tab, and what /ilr can say."""
    slack, amina = stage.slack, stage.amina
    amina.opens_home().acknowledged()
    stage.draw_view("home", slack.home_of(amina))
    for name in ("help", "dates", "topics"):
        reader: Person = slack.person("Amina")
        reader.types(f"/ilr {name}", stage.team).acknowledged()
        stage.draw(f"command-{name}", slack.only_for(reader))


def main(output: str) -> None:
    """Play every scene and draw it into ``output``."""
    with SlackStandIn() as slack, tempfile.TemporaryDirectory() as folder:
        triage = slack.channel("mis-triage")
        settings = {"ILR_TRIAGE_CHANNEL": triage.id}
        with AppProcess.started(slack, Path(folder), "http", **settings):
            stage = Stage(slack)
            questions(stage)
            checks(stage)
            people(stage, triage.name)
            home(stage)
        scenes = Path(folder) / "scenes.json"
        scenes.write_text(json.dumps(stage.scenes), encoding="utf-8")
        subprocess.run(["node", str(HERE / "render.mjs"), str(scenes), output], check=True)
    for name in stage.scenes:
        shrink(Path(output) / f"{name}.png")


def shrink(picture: Path) -> None:
    """A third of the size: a screen of text needs few colours."""
    with Image.open(picture) as opened:
        opened.convert("RGB").quantize(64).save(picture, optimize=True)


if __name__ == "__main__":
    main(sys.argv[1])
