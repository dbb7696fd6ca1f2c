"""The payment that lets a held order go on: exact, and for what it is."""

import pytest

from engine.pay.payment_needed import PaymentNeeded, payment_needed


@pytest.mark.parametrize(
    "reasons, to_pay, expected",
    [
        # 200 over the limit: 200 of the order in advance
        ([("limit_used", 200.0)], 500.0, PaymentNeeded(200.0)),
        # 900 over it, mostly by what was open before: the order itself is enough
        ([("limit_used", 900.0)], 500.0, PaymentNeeded(500.0)),
        # 300 overdue: these 300, also when the order comes to less
        ([("days_overdue", 300.0)], 500.0, PaymentNeeded(300.0, True)),
        ([("days_overdue", 300.0)], 100.0, PaymentNeeded(300.0, True)),
        # both: what clears the larger one clears both
        (
            [("days_overdue", 300.0), ("limit_used", 450.0)],
            500.0,
            PaymentNeeded(450.0, True),
        ),
        # a large order is no matter once it is paid
        ([("order_amount", 0.0)], 500.0, PaymentNeeded(500.0)),
        ([("order_amount", 0.0), ("days_overdue", 300.0)], 500.0, PaymentNeeded(500.0)),
        # what people decided is not for sale
        ([("manual", 0.0)], 500.0, None),
        ([("forced", 0.0), ("limit_used", 200.0)], 500.0, None),
        # nothing to pay for
        ([], 500.0, None),
        ([("order_amount", 0.0)], 0.0, None),
    ],
)
def test_the_payment_that_clears_all_reasons(reasons, to_pay, expected):
    assert payment_needed(reasons, to_pay) == expected
