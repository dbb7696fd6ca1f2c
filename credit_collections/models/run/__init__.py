from . import collection_run
from . import credit_profile
from . import collection_action
from . import collection_action_line
from . import collection_run_batch
from . import collection_run_bank
from . import collection_action_words
from . import res_company
