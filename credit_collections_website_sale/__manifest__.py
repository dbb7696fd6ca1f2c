{
    "name": "Credit & Collections: Web Shop",
    "summary": "Customers of the shop read that their order is being reviewed",
    "version": "19.0.1.0.0",
    "category": "Accounting/Credit & Collections",
    "author": "Credit Collections Team",
    "license": "LGPL-3",
    "depends": ["credit_collections", "website_sale"],
    "data": ["views/website_sale_templates.xml"],
    "auto_install": True,
}
