from . import collection_board
from . import collection_letter
