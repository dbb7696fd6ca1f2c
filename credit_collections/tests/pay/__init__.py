from . import test_hold_pay
from . import test_hold_pay_changed
from . import test_money_by_call
