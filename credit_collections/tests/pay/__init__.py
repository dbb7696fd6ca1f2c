from . import test_hold_pay
