from . import test_cockpit
from . import test_collection_assignment
from . import test_board_plans
from . import test_collection_board
from . import test_collection_priority
from . import test_collection_reassign
from . import test_collection_team
from . import test_worklist
