from . import collection_board
from . import collection_letter
from . import credit_review_due
from . import credit_release_outcome
