from . import validate_account_move
