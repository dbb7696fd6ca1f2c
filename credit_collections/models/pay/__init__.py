from . import credit_hold
from . import payment_transaction
from . import payment_transaction_release
from . import sale_order
