from . import risk
from . import hold
from . import channel
from . import collector
