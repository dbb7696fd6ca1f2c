from . import credit_profile
from . import collection_case
from . import collection_case_items
from . import collection_case_handover
from . import collection_case_history
from . import account_move_line
from . import collection_interaction
