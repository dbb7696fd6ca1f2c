from . import test_collection_segment
from . import test_collection_segment_propose
