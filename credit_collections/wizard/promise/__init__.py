from . import collection_promise_cancel
from . import collection_promise_make
