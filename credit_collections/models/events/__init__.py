from . import credit_job_step
from . import credit_profile
from . import collection_case
from . import collection_promise
from . import credit_automatic_limit
from . import credit_collateral
from . import account_move
from . import account_partial_reconcile
