"""How much of an order is paid already, with all its invoices and payments."""


def paid_of_order(invoiced, received):
    """Return what was paid towards an order.

    :param invoiced: pairs of what a posted invoice bills of the order (negative on a
        credit note and where a deposit is deducted) and the share of the invoice that
        is paid, 0.0 to 1.0
    :param received: amounts paid for the order that are matched with no invoice
    """
    return sum(amount * share for amount, share in invoiced) + sum(received)


def undelivered(billed, delivered, invoiced_before):
    """Tell whether a line of an invoice bills nothing that was delivered.

    :param billed: quantity on the invoice
    :param delivered: quantity of the order delivered so far
    :param invoiced_before: quantity of the order that other invoices bill
    """
    return billed > 0 and delivered - max(invoiced_before, 0.0) <= 0
