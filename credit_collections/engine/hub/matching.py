"""What can settle a receivable item. ``sql/matching.py`` says which of it did."""

#: Money, or what is as good as money, that the customer gave for the item.
PAYMENT = "payment"
#: The price is lower: a credit note, or a discount for paying early.
CREDIT_NOTE = "credit_note"
#: The claim was given up.
WRITE_OFF = "write_off"
#: The ledger counts the same money at another rate.
EXCHANGE = "exchange"
#: The item, or what settled it, was taken back; or it goes on as another item.
REVERSAL = "reversal"

#: What makes the customer owe less without money and without loss. An exchange
#: difference settles what the customer need not pay any more, too.
CREDITED = {CREDIT_NOTE, REVERSAL, EXCHANGE}
