from . import rule_kind
from . import channel
from . import component
from . import figure
from . import night
