from . import collection_channel_mixin
from . import collection_strategy
from . import collection_step
from . import collection_segment
from . import credit_profile
from . import account_move_line
from . import res_users
