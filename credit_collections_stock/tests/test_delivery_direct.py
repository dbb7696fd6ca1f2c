from odoo.fields import Command
from odoo.tests import tagged

from .common import DeliveryCommon


@tagged("post_install", "-at_install")
class TestDeliveryDirect(DeliveryCommon):
    """What vendors deliver directly, and kits whose parts are delivered.

    Transfers as the addons for dropshipping and for kits make them, which need not be
    installed: the moves are of the order line, and come from a vendor or are of parts.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendors = cls.env.ref("stock.stock_location_suppliers")
        cls.customers = cls.env.ref("stock.stock_location_customers")
        cls.direct_type = cls.env["stock.picking.type"].create(
            {
                "name": "Dropship",
                "code": "incoming",
                "sequence_code": "DS",
                "warehouse_id": False,
                "company_id": cls.company.id,
                "default_location_src_id": cls.vendors.id,
                "default_location_dest_id": cls.customers.id,
            }
        )
        cls.wheel, cls.frame = cls.env["product.product"].create(
            [
                {"name": name, "type": "consu", "is_storable": True}
                for name in ("Wheel", "Frame")
            ]
        )
        for part in cls.wheel + cls.frame:
            cls.env["stock.quant"]._update_available_quantity(
                part, cls.warehouse.lot_stock_id, 100.0
            )

    def _instead(self, order, picking_type, *parts):
        """Put a transfer of other moves in place of the delivery of an order.

        :param parts: ``(product, quantity)``
        """
        order.picking_ids.action_cancel()
        order.picking_ids.unlink()
        source = picking_type.default_location_src_id
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": picking_type.id,
                "partner_id": order.partner_id.id,
                "location_id": source.id,
                "location_dest_id": self.customers.id,
                "sale_id": order.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": product.id,
                            "product_uom_qty": quantity,
                            "location_id": source.id,
                            "location_dest_id": self.customers.id,
                            "sale_line_id": order.order_line.id,
                        }
                    )
                    for product, quantity in parts
                ],
            }
        )
        picking.action_confirm()
        picking.action_assign()
        return picking

    # === FROM THE VENDOR === #

    def test_a_vendor_delivers_directly_whatever_the_rules_say(self):
        order = self._sold(3)
        direct = self._instead(order, self.direct_type, (self.goods, 3))
        direct.move_ids.quantity = 3.0
        self._validate(direct)
        self.assertEqual(direct.state, "done")
        self.assertFalse(order.credit_hold_id)

    def test_what_a_vendor_delivered_counts_as_delivered(self):
        order = self._sold(3)
        direct = self._instead(order, self.direct_type, (self.goods, 3))
        direct.move_ids.quantity = 3.0
        self._validate(direct)
        profile = self._profile(self.late)
        profile.action_refresh()
        # 3 × 100, delivered and not invoiced
        self.assertEqual(order.order_line.qty_delivered, 3.0)
        self.assertEqual((profile.delivered_amount, profile.order_amount), (300.0, 0.0))

    def test_our_own_part_of_such_an_order_is_held(self):
        order = self._sold(3)
        own = order.picking_ids
        direct = own.copy(
            {
                "picking_type_id": self.direct_type.id,
                "location_id": self.vendors.id,
                "location_dest_id": self.customers.id,
            }
        )
        direct.move_ids.write(
            {"location_id": self.vendors.id, "location_dest_id": self.customers.id}
        )
        direct.action_confirm()
        direct.move_ids.quantity = 3.0
        self._validate(own + direct)
        self.assertEqual(direct.state, "done")
        self.assertEqual(own.state, "assigned")
        self.assertEqual(order.credit_hold_id.picking_ids, own)

    # === KITS === #

    def _kits(self, wheels, frames):
        """Return an order of two kits at 300 and the delivery of their parts."""
        order = self._sold(2, price=300.0)
        delivery = self._instead(
            order, self.warehouse.out_type_id, (self.wheel, 4), (self.frame, 2)
        )
        for move, quantity in zip(delivery.move_ids, (wheels, frames), strict=True):
            move.quantity = quantity
        return order, delivery

    def test_all_parts_of_a_kit_come_to_its_price(self):
        order, delivery = self._kits(4, 2)
        self.assertEqual(delivery._credit_values(), {order: 600.0})

    def test_some_parts_of_a_kit_come_to_their_share(self):
        # 3 of 6 parts of 600
        order, delivery = self._kits(3, 0)
        self.assertEqual(delivery._credit_values(), {order: 300.0})

    def test_the_parts_of_a_kit_are_held(self):
        order, delivery = self._kits(4, 2)
        self._validate(delivery)
        self.assertEqual(order.credit_hold_state, "held")
        self.assertEqual(delivery.state, "assigned")
        self._release(order)
        self.assertEqual(delivery.state, "done")
