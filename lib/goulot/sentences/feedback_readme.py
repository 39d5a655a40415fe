"""The README of the files: how to upload each, how to undo it, and what to check first."""

from collections.abc import Collection

from goulot.language import Language


def readme(names: Collection[str], language: Language) -> str:
    """A text for the files of these names."""
    said = [_first(language)]
    if any("google_ads" in name for name in names):
        said.append(_google(language))
    if any("meta" in name for name in names):
        said.append(_meta(language))
    listed = "\r\n".join(f"- {name}" for name in sorted(names))
    return "\ufeff" + "\r\n\r\n".join([*said, _people(language), listed]) + "\r\n"


def _first(language: Language) -> str:
    return language.say(
        "These files change nothing by themselves: nobody has been connected to any account. "
        "Open each one, strike out what you do not want, and upload the rest."
    )


def _google(language: Language) -> str:
    upload = language.say(
        "GOOGLE ADS. To upload, in Google Ads Editor: get recent changes, make a backup (Account > "
        "Export > Whole account), then Account > Import > From file, choose the file, look at the "
        "proposed changes, keep or reject each, and post. To undo before posting: reject the "
        "changes. Afterwards: in Google Ads, Change history, select the change and undo it, or "
        "import the backup."
    )
    check = language.say(
        "To check: bid modifiers are per cent, from -90 to 900, as Google's help has them "
        "(support.google.com/google-ads/editor/answer/33114): where the file says -7, the proposed "
        "change must read -7%; if it reads otherwise, reject it. Column names are those of "
        "support.google.com/google-ads/editor/answer/57747. Campaigns with automated bidding or "
        "Performance Max do not use bid adjustments by location: there, exclude the location or "
        "change the budget. Budgets are today's spend a day with the change in it: where the "
        "budget that is set is higher, lower that one by the same share."
    )
    return f"{upload}\r\n{check}"


def _meta(language: Language) -> str:
    upload = language.say(
        "META. To upload, in Ads Manager: export the campaigns of the file (Export & import > "
        "Export selected) and keep that file; copy their Campaign ID into the first column "
        "(without it Meta would make a second campaign); then Export & import > Import ads in "
        "bulk, look at the review, and publish. To undo: import the file that was exported before."
    )
    check = language.say(
        "To check: Meta publishes no list of these columns. Their names rest on public copies of "
        "the sheet that Ads Manager exports: before uploading, compare the first row with that of "
        "the file you exported, and where a name differs, write it as in yours. Budgets are a day "
        "in the currency of the account (12.50), not in cents; where a campaign has none of its "
        "own, the budgets are those of its ad sets: change them by the same share. ACTIVE stands "
        "with campaigns that go on: where one has been paused meanwhile, write PAUSED. Meta has no "
        "bids by region: what a region would lose is in the budget of the campaign."
    )
    return f"{upload}\r\n{check}"


def _people(language: Language) -> str:
    return language.say(
        "FOR PEOPLE. marketing, operations and customer_service say the same in words, with "
        "the reason of each line and what would take it back; adjusted_cac has what a new customer "
        "costs in every channel, region and category, layer by layer. A cell that begins with an "
        "apostrophe began with a character that a spreadsheet takes for a formula: take the "
        "apostrophe away before uploading."
    )
