from . import collection_department
from . import credit_profile
from . import collection_dispute
from . import collection_dispute_line
from . import collection_dispute_approval
from . import collection_dispute_task
from . import collection_dispute_credit
from . import account_move_line
