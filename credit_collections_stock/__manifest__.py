{
    "name": "Credit & Collections: Deliveries",
    "summary": "Credit holds stop deliveries; delivered goods show in the exposure",
    "version": "19.0.1.0.0",
    "category": "Accounting/Credit & Collections",
    "author": "Credit Collections Team",
    "license": "LGPL-3",
    "depends": ["credit_collections", "sale_stock"],
    "data": [
        "views/credit_hold_views.xml",
        "views/credit_rule_views.xml",
        "views/stock_picking_views.xml",
    ],
    "auto_install": True,
}
