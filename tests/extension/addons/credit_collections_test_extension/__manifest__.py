{
    "name": "Credit & Collections: Test of Extensions",
    "summary": "Adds one of each that can be added, for tests alone",
    "version": "19.0.1.0.0",
    "category": "Hidden/Tests",
    "author": "Credit Collections Team",
    "license": "LGPL-3",
    "depends": ["credit_collections"],
    "installable": True,
    "auto_install": False,
}
