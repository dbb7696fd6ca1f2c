from . import credit_job_step
from . import credit_profile
from . import account_move
from . import account_partial_reconcile
