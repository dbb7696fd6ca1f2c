from . import collection_board
from . import collection_letter
from . import credit_release_outcome
