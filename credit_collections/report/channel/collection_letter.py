from odoo import api, models


class CollectionLetter(models.AbstractModel):
    """Letters of collection actions, one set of pages per customer."""

    _name = "report.credit_collections.collection_letter"
    _description = "Collection Letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        docs = self.env["collection.action"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": docs._name,
            "docs": docs,
            "letters": {action.id: action._get_letter() for action in docs},
        }
