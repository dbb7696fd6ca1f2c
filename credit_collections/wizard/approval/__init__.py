from . import credit_approval_decide
