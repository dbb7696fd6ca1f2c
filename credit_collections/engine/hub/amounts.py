"""Comparing amounts."""

#: An amount within this of its threshold has not passed it: binary floats add up
#: 0.1 + 0.2 to more than 0.3, and no currency has a unit this small.
EPSILON = 1e-6
