from . import collection_action_edit
from . import collection_simulate
