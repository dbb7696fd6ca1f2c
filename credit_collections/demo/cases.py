"""Orders that were held: whose, when, and what became of them."""

from dataclasses import dataclass

#: Customers who were put on hold by hand: reason, and in how many days to look again.
ON_HOLD = {
    "Wexcombe Demolition": ("insolvency", 10),
    "Yellow Barn Conversions": ("bounced", 5),
    "Zephyr Cladding": ("review", -2),
}


@dataclass(frozen=True)
class Case:
    """An order that is held.

    :param amount: net amount, or share of the limit
    :param day: when it was held
    :param decided: when something became of it
    """

    name: str
    amount: float
    day: int
    decided: int | None = None


CASES = (
    # waiting for a decision
    Case("Riverbend Renovations", 0.25, -2),
    Case("Ironwood Timber Frames", 0.1, -9),
    Case("Summit Steel Erectors", 0.12, -23),
    Case("Thornbury Developments", 0.4, -5),
    Case("Wexcombe Demolition", 0.2, -34),
    Case("Yellow Barn Conversions", 0.15, -12),
    Case("Old Quarry Masonry", 0.15, -6),
    Case("Rustwater Plumbing", 0.2, -1),
    Case("Market Street Handyman", 740.0, -3),
    Case("Foxglove Modular Homes", 0.2, 0),
    Case("Hafenkante Schiffsbau", 0.25, -4),
    Case("Paper Crane Exhibitions", 12400.0, -1),
    Case("Zephyr Cladding", 0.2, -7),
    # decided
    Case("Hightide Pools", 6900.0, -15, -14),
    Case("Brightwater Civil Works", 0.45, -26, -24),
    Case("Whitlock Scaffolding", 0.5, -19, -16),
    Case("Granite Pass Contractors", 0.6, -8, -6),
    Case("Quickset Pavilions", 0.2, -11, -4),
    Case("Blackthorn Property Group", 0.4, -14, -13),
    Case("Docklane Fit-Out", 0.4, -17, -10),
)
CASES_OF_EUROPA = (Case("Polderstaal", 0.3, -8),)

#: Who released what, why, with which words, and whether the order was confirmed.
RELEASES = (
    (
        "Hightide Pools",
        "credit_controller",
        "good_payer",
        "Has paid within a week for years; the season needs the goods now.",
        True,
    ),
    (
        "Brightwater Civil Works",
        "credit_manager",
        "secured",
        "The parent company guarantees this project.",
        True,
    ),
    (
        "Whitlock Scaffolding",
        "credit_manager",
        "paid",
        "Proof of the transfer received.",
        True,
    ),
    (
        "Granite Pass Contractors",
        "credit_manager",
        "management",
        "Agreed for this order only; deliver after the call with the customer.",
        False,
    ),
)
REJECTED = "Blackthorn Property Group"
CANCELLED = "Docklane Fit-Out"
PAID = "Quickset Pavilions"
REVIEWED = "Zephyr Cladding"
ASKED = "Riverbend Renovations"
RAISED = Case("Brightwater Homes", 0.25, -3)


EVERYTHING = (*CASES, *CASES_OF_EUROPA, RAISED)
CASE_OF = {case.name: case for case in EVERYTHING}
