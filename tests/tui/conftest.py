"""Makes tests of the app fast."""

from textual import _wait

# Textual's pilot waits for a key in naps of 20 ms, at least three, which no setting changes: most
# of the time that tests of the app take. A quarter of it does;
# shorter than the 4 ms between two drawings they would end before anything is drawn.
_wait.SLEEP_GRANULARITY, _wait.SLEEP_IDLE = 0.005, 0.0005
