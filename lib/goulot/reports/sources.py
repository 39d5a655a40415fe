"""Which method answers each step, and who published it."""

from collections.abc import Sequence
from dataclasses import dataclass

from goulot.language import Language
from goulot.steps.needs import STEPS

# Step → method in a sentence, and the publications it follows.
METHODS: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "constraint": (
        (
            "What a week can serve is a linear program over the stages; its dual prices say what "
            "one more unit of each is worth. Weeks are resampled to say how sure that is.",
            (
                "Dantzig (1963), Linear Programming and Extensions, ch. 12",
                "Goldratt & Cox (1984), The Goal",
                "Efron & Tibshirani (1993), An Introduction to the Bootstrap, ch. 13",
            ),
        ),
        (
            "Queues are held against Little's law: what stands waiting is what comes in times how "
            "long it waits.",
            ("Little (1961), A proof for the queuing formula L = λW, Operations Research 9",),
        ),
    ),
    "channels": (
        (
            "A channel's new customers are a base, a season and a curve of its spend that "
            "saturates and fades over the following weeks; odd weeks weigh less.",
            (
                "Broadbent (1979), One way TV advertisements work",
                "Jin et al. (2017), Bayesian methods for media mix modeling with carryover and "
                "shape effects",
                "Huber (1964), Robust estimation of a location parameter",
            ),
        ),
        (
            "Every past week is foretold with what was known before it, and held against the same "
            "week of last year.",
            (
                "Tashman (2000), Out-of-sample tests of forecasting accuracy, International "
                "Journal of Forecasting 16",
                "Hyndman & Athanasopoulos (2021), Forecasting: Principles and Practice, 3rd ed.",
            ),
        ),
        (
            "What a platform claims is not what it caused; only a test tells.",
            (
                "Donner & Klar (2000), Design and Analysis of Cluster Randomization Trials in "
                "Health Research",
                "Gordon et al. (2019), A comparison of approaches to advertising measurement, "
                "Marketing Science 38",
            ),
        ),
    ),
    "spikes": (
        (
            "Each hour of a spike is simulated over many scenarios, first come first served; "
            "orders vary more than chance alone would make them. Without chance the simulation "
            "meets the fluid limit.",
            (
                "Newell (1982), Applications of Queueing Theory, 2nd ed.",
                "Gross et al. (2008), Fundamentals of Queueing Theory, 4th ed.",
            ),
        ),
    ),
    "feedback": (
        (
            "Figures of small groups lean on those of larger ones around them: the fewer the "
            "orders, the more.",
            (
                "Morris (1983), Parametric empirical Bayes inference, JASA 78",
                "Christiansen & Morris (1997), Hierarchical Poisson regression modeling, JASA 92",
            ),
        ),
        (
            "Bids are listed as long as few of those listed can be expected to be there by chance.",
            (
                "Newton et al. (2004), Detecting differential gene expression with a "
                "semiparametric hierarchical mixture method, Biostatistics 5",
                "Müller et al. (2004), Optimal sample size for multiple testing, JASA 99",
            ),
        ),
    ),
    "lifetime": (
        (
            "What customers will still buy is read off how often and how recently they bought, how "
            "long subscribers stay off who left at each renewal; both are held against what they "
            "then did.",
            (
                "Fader, Hardie & Lee (2005), Counting your customers the easy way, Marketing "
                "Science 24",
                "Fader & Hardie (2013), The Gamma-Gamma model of monetary value",
                "Fader & Hardie (2007), How to project customer retention, Journal of Interactive "
                "Marketing 21",
            ),
        ),
        (
            "What a late first order causes is told by two models, of which one has to be right; "
            "the E-value says how strong a cause that nobody measured would have to be.",
            (
                "Robins, Rotnitzky & Zhao (1994), JASA 89",
                "Chernozhukov et al. (2018), Double/debiased machine learning, Econometrics "
                "Journal 21",
                "VanderWeele & Ding (2017), Annals of Internal Medicine 167",
            ),
        ),
        (
            "What a premium must bring back follows from margin, repeat purchases and the discount "
            "rate.",
            ("Gupta & Lehmann (2003), Customers as assets, Journal of Interactive Marketing 17",),
        ),
    ),
    "calendar": (
        (
            "Stock for an event weighs what a missing unit costs against what a unit too many "
            "costs, over a lead time that is itself uncertain.",
            (
                "Silver, Pyke & Thomas (2017), Inventory and Production Management in Supply "
                "Chains, 4th ed.",
                "Snyder & Shen (2019), Fundamentals of Supply Chain Theory, 2nd ed.",
            ),
        ),
    ),
    "saas": (
        (
            "Agents are the fewest that answer within the target, hour by hour, when some "
            "customers give up waiting.",
            (
                "Erlang (1917)",
                "Zeltyn & Mandelbaum (2005), Call centers with impatient customers, Queueing "
                "Systems 51",
            ),
        ),
        (
            "How long subscribers stay follows from how unlike they are.",
            (
                "Fader & Hardie (2007), How to project customer retention, Journal of "
                "Interactive Marketing 21",
            ),
        ),
    ),
    "review": (
        (
            "Each cause of a change gets its mean effect over all orders in which the causes could "
            "have moved, so that the parts add up to the whole.",
            (
                "Shapley (1953), A value for n-person games",
                "Shorrocks (2013), Decomposition procedures for distributional analysis, Journal "
                "of Economic Inequality 11",
            ),
        ),
        (
            "A change is told from chance by resampling weeks; the share of predictions that came "
            "true has an interval of its own.",
            (
                "Efron & Tibshirani (1993), An Introduction to the Bootstrap",
                "Wilson (1927), Probable inference, JASA 22",
            ),
        ),
    ),
}


@dataclass(frozen=True)
class MethodNote:
    """The question of a step, and for each of its methods a sentence and its sources."""

    question: str
    methods: list[tuple[str, tuple[str, ...]]]


def method_notes(notebooks: Sequence[str], language: Language) -> list[MethodNote]:
    """The notes of those steps whose notebooks are in the report, in the playbook's order."""
    return [
        MethodNote(
            language.say(step.question),
            [(language.say(said), sources) for said, sources in METHODS[step.step]],
        )
        for step in sorted(STEPS, key=lambda step: step.notebook)
        if step.notebook in notebooks and step.step in METHODS
    ]
