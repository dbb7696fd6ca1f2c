from . import credit_hold
from . import payment_transaction
from . import account_payment
from . import sale_order
