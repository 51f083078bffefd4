# SPDX-License-Identifier: MIT
"""tap - test results as TAP lines"""
import sys
import traceback


class Tap:
    def __init__(self):
        self.count = self.failed = 0

    def say(self, is_fine, claim, *details):
        self.count += 1
        self.failed += not is_fine
        print('%sok %d - %s' % ('' if is_fine else 'not ', self.count, claim))
        for detail in details if not is_fine else ():
            for line in str(detail).splitlines():
                print('#   ' + line)
        sys.stdout.flush()
        return is_fine

    def run(self, claim, function, *args):
        """A test is a function that raises when its claim does not hold."""
        try:
            function(*args)
        except Exception:  # the test's own claim, or anything it tripped over
            return self.say(False, claim, traceback.format_exc())
        return self.say(True, claim)

    def note(self, text):
        print('# ' + text)

    def end(self):
        print('1..%d' % self.count)
        sys.exit(1 if self.failed else 0)


def skip_all(reason):
    print('1..0 # SKIP ' + reason)
    sys.exit(0)
