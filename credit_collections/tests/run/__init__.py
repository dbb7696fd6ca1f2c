from . import test_collection_bank
from . import test_collection_change
from . import test_collection_plan
from . import test_collection_rights
from . import test_collection_run
from . import test_collection_send
from . import test_collection_simulate
from . import test_registered
