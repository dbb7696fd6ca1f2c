from . import collection_exclude
from . import collection_override
