from . import credit_payment
