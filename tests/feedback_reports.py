"""Step 4 read from the simulated frames of ``feedback_frames``."""

import pandas as pd
from feedback_frames import AS_OF, DECLARED, QUARTER, marts
from goulot import sentences
from goulot.language import Language
from goulot.steps.feedback import read_feedback
from goulot.steps.feedback_inputs import FeedbackPolicy

POLICY = FeedbackPolicy(draws=400)
ENGLISH, FRENCH = Language("en"), Language("fr")
EMPTY = pd.DataFrame()


def read(given=None, declared=DECLARED, policy=POLICY, full=()):
    return read_feedback(given or marts(), QUARTER, AS_OF, declared, policy, full)


def actions_of(found) -> dict:
    told = sentences.feedback_actions.recommendations(found, AS_OF, ENGLISH)
    return {action.id.removeprefix("feedback."): action for action in told}
