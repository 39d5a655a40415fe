"""What a stage is called inside a sentence, and the projects that would widen it.

Messages for ``Language.say``.
"""

THE_STAGE = {
    "acquisition": "the acquisition of customers",
    "stock": "the stock on the shelves",
    "supply": "the supply of goods",
    "fulfillment": "the warehouse",
    "delivery": "the delivery of parcels",
    "support": "the customer service desk",
    "onboarding": "the setting-up of new accounts",
}
PROJECTS = {
    "stock": "more safety stock, more storage",
    "supply": "second suppliers, larger contracts",
    "fulfillment": "a larger warehouse, automation, a second site",
    "delivery": "another carrier, faster services",
    "support": "more agents, another help desk",
    "onboarding": "more people for new accounts",
}
