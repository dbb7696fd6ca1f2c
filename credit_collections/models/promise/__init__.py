from . import collection_promise
from . import collection_promise_judge
from . import collection_promise_line
from . import collection_promise_notice
from . import credit_profile
from . import account_move_line
from . import collection_interaction
from . import res_company
