from . import collection_board
