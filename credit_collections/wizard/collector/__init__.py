from . import collection_escalate
from . import collection_pause
from . import collection_reassign
from . import collection_reassign_line
