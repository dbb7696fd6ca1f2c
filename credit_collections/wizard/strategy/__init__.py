from . import collection_segment_propose
from . import collection_segment_propose_line
