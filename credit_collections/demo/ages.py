"""Dates that Odoo sets to now, moved back to the day they belong to.

Odoo offers no way to confirm or hold an order in the past, so this is SQL, at the end.
"""

from datetime import timedelta

from odoo.tools import SQL


def set_back(stage):
    stage.env.flush_all()
    _set_back_orders(stage)
    _set_back_holds(stage)
    _set_back_messages(stage)
    stage.env.invalidate_all()


def _update(stage, statement, rows):
    """Run an update that reads ``data``, a list of values."""
    values = SQL(", ").join(
        SQL("(%s)", SQL(", ").join(SQL("%s", value) for value in row)) for row in rows
    )
    if rows:
        stage.env.cr.execute(SQL(statement, data=values))


def _set_back_orders(stage):
    rows = [
        (order_id, stage.moment(day, order_id))
        for order_id, day in stage.order_days.items()
    ]
    _update(
        stage,
        """
        UPDATE sale_order
           SET date_order = data.moment::timestamp,
               create_date = data.moment::timestamp
          FROM (VALUES %(data)s) data(id, moment)
         WHERE sale_order.id = data.id
        """,
        rows,
    )
    if "picking_ids" in stage.env["sale.order"]._fields:
        _set_back_deliveries(stage, [row[0] for row in rows])


def _set_back_deliveries(stage, order_ids):
    """Goods were to leave, and those that left did leave, the day after the order."""
    for statement in (
        """
        UPDATE stock_picking picking
           SET scheduled_date = sale.date_order + interval '1 day',
               date_deadline = sale.date_order + interval '1 day',
               date_done = CASE WHEN picking.date_done IS NOT NULL
                                THEN sale.date_order + interval '1 day' END
          FROM sale_order sale
         WHERE sale.id = picking.sale_id AND sale.id IN %(orders)s
        """,
        """
        UPDATE stock_move move SET date = sale.date_order + interval '1 day'
          FROM stock_picking picking
          JOIN sale_order sale ON sale.id = picking.sale_id
         WHERE picking.id = move.picking_id AND sale.id IN %(orders)s
        """,
        """
        UPDATE stock_move_line line SET date = move.date
          FROM stock_move move
          JOIN stock_picking picking ON picking.id = move.picking_id
         WHERE move.id = line.move_id AND picking.sale_id IN %(orders)s
        """,
    ):
        stage.env.cr.execute(SQL(statement, orders=tuple(order_ids)))


def _set_back_holds(stage):
    rows = [
        (hold_id, held, asked, decided, decided.date() + timedelta(days=30))
        for hold_id, (held, asked, decided) in stage.hold_moments.items()
    ]
    _update(
        stage,
        """
        UPDATE credit_hold hold
           SET held_date = data.held::timestamp,
               create_date = data.held::timestamp,
               asked_date = CASE WHEN hold.asked_date IS NOT NULL
                                 THEN data.asked::timestamp END,
               released_date = CASE WHEN hold.released_date IS NOT NULL
                                    THEN data.decided::timestamp END,
               valid_until = CASE WHEN hold.valid_until IS NOT NULL
                                  THEN data.valid_until::date END
          FROM (VALUES %(data)s) data(id, held, asked, decided, valid_until)
         WHERE hold.id = data.id
        """,
        rows,
    )
    _update(
        stage,
        """
        UPDATE credit_hold_line line
           SET create_date = data.held::timestamp,
               cleared_date = CASE WHEN line.cleared_date IS NOT NULL
                                   THEN data.decided::timestamp END
          FROM (VALUES %(data)s) data(hold_id, held, decided)
         WHERE line.hold_id = data.hold_id
        """,
        [(hold_id, held, decided) for hold_id, held, _asked, decided, _until in rows],
    )
    _update(
        stage,
        """
        UPDATE mail_activity activity
           SET date_deadline = data.held::date, create_date = data.held::timestamp
          FROM (VALUES %(data)s) data(id, held)
         WHERE activity.res_model = 'credit.hold' AND activity.res_id = data.id
        """,
        [row[:2] for row in rows],
    )


def _set_back_messages(stage):
    _update(
        stage,
        """
        UPDATE mail_message message
           SET date = data.moment::timestamp, create_date = data.moment::timestamp
          FROM (VALUES %(data)s) data(id, moment)
         WHERE message.id = data.id
        """,
        list(stage.message_moments.items()),
    )
