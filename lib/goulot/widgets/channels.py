"""The panel of the channels: another budget, another price allowed for the next customer."""

import pandas as pd

from goulot.charts import channels as charts
from goulot.language import Language
from goulot.steps.channel_plan import replanned
from goulot.steps.channels import ChannelReport
from goulot.widgets.knobs import Slider
from goulot.widgets.panel import Panel, Readout, Response

TIMES = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)  # of today's budget
OF_WORTH = (0.25, 0.5, 0.75, 1.0, 1.25)  # of what a customer is worth


def budget(report: ChannelReport, language: Language) -> Panel | None:
    """Sliders for the weekly budget and for the most that the next customer may cost."""
    bought, policy = report.bought, report.policy.plan
    if report.plan.why_not:
        return None
    today, currency = sum(report.plan.today.values()), report.declared.currency
    worth = max(bought.worth[channel].value for channel in bought.channels)
    most = max(bought.cap(channel, policy) for channel in bought.channels)

    def respond(values: dict[str, float]) -> Response:
        found = replanned(bought, policy, values["budget"] * today, values["allowed"] * worth)
        rows = pd.DataFrame(
            {
                "channel": [language.word(channel) for channel in found.spend],
                "spend": list(found.spend.values()),
                "today": [report.plan.today[channel] for channel in found.spend],
            }
        )
        spent, added = sum(found.spend.values()), sum(found.added.values())
        return Response(
            tables={"replanned": rows},
            readouts=[
                Readout(language.say("Spend a week"), language.money(spent, 0)),
                Readout(language.say("New customers it adds a week"), language.number(added)),
                Readout(language.say("Contribution a week, after spend"),
                        language.money(found.contribution, 0)),
            ],
            sentence=_limit(found, language),
        )  # fmt: skip

    return Panel(
        name="budget",
        title=language.say("What if the budget were another?"),
        knobs=[
            Slider(
                name="budget",
                label=language.say("Budget, as a multiple of today's {amount} a week",
                                   amount=language.money(today, 0)),
                positions=TIMES, start=1.0, unit="×", step=0.05,
            ),
            Slider(
                name="allowed",
                label=language.say("Allowed cost of the next customer, as a multiple of the "
                                   "{amount} it is worth", amount=language.money(worth, 0)),
                positions=OF_WORTH, start=1.0, unit="×", step=0.05,
            ),
        ],
        respond=respond,
        draw=lambda start: charts.replanned(most, language, currency),
        language=language,
        note=language.say(
            "Within what operations can serve, and capped a little outside the weekly spend seen "
            "so far."
        ),
    )  # fmt: skip


def _limit(found, language: Language) -> str:
    if found.order_price > 1e-6:
        return language.say("Operations hold it back: more spend would sell what cannot be served.")
    if found.budget_price > 1e-6:
        return language.say("The budget holds it back: one more unit of it brings {more} more.",
                            more=language.money(found.budget_price, 2))  # fmt: skip
    return language.say("Neither budget nor operations hold it back: the next customer would cost "
                        "too much.")  # fmt: skip
