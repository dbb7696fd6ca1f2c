from . import test_night
