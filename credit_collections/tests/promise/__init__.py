from . import test_promise
from . import test_promise_money
from . import test_promise_rights
from . import test_promise_tour
