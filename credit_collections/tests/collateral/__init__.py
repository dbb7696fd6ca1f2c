from . import test_collateral
