from . import collection_letter
