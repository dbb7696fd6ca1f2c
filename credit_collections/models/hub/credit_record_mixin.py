import logging

from odoo import api, models

_logger = logging.getLogger(__name__)


class CreditRecordMixin(models.AbstractModel):
    """What the addon alone writes: the state of documents, and figures.

    A field says itself that it is a figure, with ``figure=True``. The state is written
    by :meth:`_set_state` and by nothing else.
    """

    _name = "credit.record.mixin"
    _description = "Record with Figures and States"

    @api.model
    def _valid_field_parameter(self, field, name):
        return name == "figure" or super()._valid_field_parameter(field, name)

    # === FIGURES === #

    @api.model
    def _get_figures(self):
        """Return the names of the fields that nobody writes by hand."""
        return {name for name in self._fields if self._is_figure(name)}

    @api.model
    def _is_figure(self, name):
        """Tell whether nobody writes a field by hand."""
        field = self._fields.get(name)
        # Odoo hands what a field says of itself on to those that are related to it
        return getattr(field, "figure", False) and not field.related

    def _get_protected_refusal(self, names):
        if any(map(self._is_figure, names)):
            return self._get_figures_refusal()
        return super()._get_protected_refusal(names)

    def _get_figures_refusal(self):
        """Return why figures are not written by hand; override to say where they come
        from."""
        return self.env._("The figures of a record are no user's to write.")

    def copy_data(self, default=None):
        """A copy has figures of its own."""
        figures = self._get_figures().difference(default or ())
        return [
            {name: value for name, value in vals.items() if name not in figures}
            for vals in super().copy_data(default)
        ]

    # === STATES === #

    def _get_state_ways(self):
        """Return who may go where: ``{state: states that it is reached from}``.

        Override to add states; a state that is not named is reached from every other.
        """
        return {}

    def _set_state(self, target, allowed=None, **vals):
        """Take records to a state; callers have checked who may.

        Records that are there already, and those that may not go there, stay as they
        are: whoever comes second changes nothing.

        :param str target: the new state
        :param allowed: states to come from; by default those of the model
        :param vals: what is written with it
        :return: the records that changed
        """
        ways = self._get_state_ways().get(target) if allowed is None else allowed
        changed = self.filtered(
            lambda one: one.state != target and (ways is None or one.state in ways)
        )
        for one in self - changed:
            if one.state != target:
                _logger.debug("%s stays %s instead of %s", one, one.state, target)
        if changed:
            # nobody writes states by hand, not even those who take the decision
            changed.sudo()._write_state(target, vals)
            changed._on_state_set(target)
        return changed

    def _write_state(self, target, vals):
        """Write the state; override where a statement does it for many records."""
        self.write({"state": target, **vals})

    def _on_state_set(self, target):
        """React to a state that was reached; override after ``super()``."""
