from . import collection_dispute_accept
from . import collection_dispute_open
from . import collection_dispute_reject
