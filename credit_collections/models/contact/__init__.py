from . import credit_profile_email
from . import collection_interaction
from . import collection_interaction_guard
from . import credit_profile
from . import account_move_line
