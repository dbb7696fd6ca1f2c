from . import collection_case_handover
from . import collection_case_open
