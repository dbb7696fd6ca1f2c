from . import credit_hold_pay
