"""Where the names and bands of a flow diagram lie: geometry on a unit square per pair of levels."""

import numpy as np
import pandas as pd

from goulot.steps.demand_map import LEVELS, OTHER, UNKNOWN, weighted

GAP = 0.022  # between two names of a level, share of the height
BAR = 0.016  # half the width of a name's bar, in levels
POINTS = 9  # along a band
RISKS = (0.05, 0.25)  # shares of demand at risk from which on a band is to watch, and bad


def lay_names(flows: pd.DataFrame) -> pd.DataFrame:
    """The names of every level, the largest first, small and unknown ones last.

    Returns
    -------
    DataFrame with level [0 to 3], name, the measures of its flows, y and y2 [share of the height,
    from above], middle, x and x2 [levels].
    """
    return pd.concat([_stacked(flows, place) for place in range(len(LEVELS))], ignore_index=True)


def _stacked(flows: pd.DataFrame, place: int) -> pd.DataFrame:
    rows = weighted(flows, [LEVELS[place]]).rename(columns={LEVELS[place]: "name"})
    rows = rows.assign(turn=rows["name"].map({OTHER: 1, UNKNOWN: 2}).fillna(0)).sort_values(
        ["turn", "units", "name"], ascending=[True, False, True]
    )
    height = rows["units"] / rows["units"].sum() * (1 - GAP * (len(rows) - 1))
    top = height.cumsum() - height + GAP * np.arange(len(rows))
    return rows.assign(
        level=place,
        y=top,
        y2=top + height,
        middle=top + height / 2,
        x=float(place),
        x2=place + 2 * BAR,
        share=rows["units"] / rows["units"].sum(),
    )


def lay_bands(flows: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """The bands between each level and the next.

    Returns
    -------
    DataFrame with band, level [of its source], source, target, the measures, share [of all units],
    risk ("calm", "watch", "bad"), and where both ends lie, from and to: source_y, source_y2,
    target_y and target_y2 [share of the height].
    """
    parts = [_between(flows, place, names) for place in range(len(LEVELS) - 1)]
    return pd.concat(parts, ignore_index=True)


def _between(flows: pd.DataFrame, place: int, names: pd.DataFrame) -> pd.DataFrame:
    rows = weighted(flows, list(LEVELS[place : place + 2])).set_axis(
        ["source", "target", *_measures(flows)], axis=1
    )
    rows = _end(rows, "source", "target", place, names)
    rows = _end(rows, "target", "source", place + 1, names)
    risk = rows["at_risk_share"]
    return rows.assign(
        level=place,
        band=[f"{place} {a} {b}" for a, b in zip(rows["source"], rows["target"], strict=True)],
        share=rows["units"] / flows["units"].sum(),
        risk=np.select([risk >= RISKS[1], risk >= RISKS[0]], ["bad", "watch"], default="calm"),
    )


def _measures(flows: pd.DataFrame) -> list[str]:
    return [name for name in flows.columns if name not in LEVELS]


def _end(
    rows: pd.DataFrame, mine: str, other: str, level: int, names: pd.DataFrame
) -> pd.DataFrame:
    """Where the bands meet the names of ``level``: stacked in the order of their other ends."""
    here = names[names["level"] == level].set_index("name")
    there = names[names["level"] == level + (1 if mine == "source" else -1)]["name"].tolist()
    rows = rows.assign(turn=rows[other].map(there.index)).sort_values([mine, "turn"])
    height = rows["units"] * rows[mine].map((here["y2"] - here["y"]) / here["units"])
    start = rows[mine].map(here["y"]) + height.groupby(rows[mine]).cumsum() - height
    return rows.assign(**{f"{mine}_y": start, f"{mine}_y2": start + height})


def band_points(bands: pd.DataFrame) -> pd.DataFrame:
    """Points along each band, which leaves and arrives level: a row of ``bands`` for each, with x
    [levels], y and y2 [share of the height]."""
    along = np.linspace(0, 1, POINTS)
    bend = along**2 * (3 - 2 * along)
    points = bands.loc[bands.index.repeat(POINTS)]
    x, bent = np.tile(along, len(bands)), np.tile(bend, len(bands))
    return points.assign(
        x=points["level"] + BAR + x * (1 - BAR),
        y=points["source_y"] + bent * (points["target_y"] - points["source_y"]),
        y2=points["source_y2"] + bent * (points["target_y2"] - points["source_y2"]),
    )
