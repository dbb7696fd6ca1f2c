"""Exceptions from the credit rules, and a rule for one segment."""

from .customers import slug
from .quotations import profile_of

#: Customers who may be later than others: in how many days they have to have paid.
PATIENT = (("Old Quarry Masonry", 120), ("Hafenkante Schiffsbau", 90))
#: Orders of consumers above this amount are looked at.
LARGE_FOR_CONSUMERS = 5000.0


def write(stage):
    rules = stage.as_user(
        stage.users["credit_manager"], stage.company, stage.env["credit.rule"]
    )
    company = {"company_id": stage.company.id}
    for number, (name, days) in enumerate(PATIENT):
        profile = profile_of(stage, stage.customer(name))
        exclusion = rules.create(
            {
                "name": f"{name} pays late, but surely",
                "kind": "days_overdue",
                "rule_type": "exclude",
                "level": "customer",
                "profile_id": profile.id,
                "days": days,
                "sequence": 41 + number,
                **company,
            }
        )
        stage.remember({f"rule_{slug(name)}": exclusion})
    large = rules.create(
        {
            "name": "Large orders of consumers",
            "kind": "order_amount",
            "level": "segment",
            "segment_id": stage.env.ref(
                "credit_collections.collection_segment_consumer"
            ).id,
            "amount": LARGE_FOR_CONSUMERS,
            "sequence": 51,
            **company,
        }
    )
    stage.remember({"rule_consumers": large})
