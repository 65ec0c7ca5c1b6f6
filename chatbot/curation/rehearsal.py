"""Leave-one-out: how often a phrasing would be understood if it were not known, for two knowledge bases alike."""

from collections.abc import Mapping
from dataclasses import dataclass

from chatbot.bot import Chatbot
from chatbot.curation.evaluation import Equal, judge
from chatbot.curation.questions import FALLBACK
from chatbot.dialogue.decision import decide
from chatbot.language.matcher import Match


@dataclass(frozen=True)
class Rehearsal:
    """Whether each rehearsed text, with its label, would get the right reply without having been learnt."""

    right: Mapping[tuple[str, str], bool]

    def share(self, among: "Rehearsal") -> float:
        """The share of right replies over the texts that the other rehearsal has, too; 1 where there are none."""
        common = self.right.keys() & among.right.keys()
        return sum(self.right[text] for text in common) / len(common) if common else 1.0


def rehearse(bot: Chatbot) -> Rehearsal:
    """What the matcher's own rehearsal means for patients.

    A fit rehearses some hundred texts, chosen by their letters, so that an edit leaves the choice as it was.
    """
    matcher, equal = bot.matcher, Equal(bot.knowledge)
    found = matcher.rehearsal_
    right = {}
    for row, labels, confidences in zip(found.rows.tolist(), found.labels.tolist(), found.confidences.tolist()):
        expected = FALLBACK if matcher.intents_[row] < 0 else matcher.labels_[matcher.intents_[row]]
        matches = [Match(matcher.labels_[label], sure, "") for label, sure in zip(labels, confidences)]
        decision = decide(matches, bot.rule, bot.intents)
        outcome = judge(decision.kind, decision.intents, equal.to([expected]), expected)
        right[matcher.texts_[row], expected] = outcome == "right"
    return Rehearsal(right)
