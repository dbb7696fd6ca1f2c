from . import test_cockpit_write
from . import test_collection_contact
from . import test_interaction
from . import test_interaction_guard
