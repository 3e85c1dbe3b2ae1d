"""What the canary user types into a fresh notebook.

The answer stands on a line of its own behind a marker: extensions and libraries write to stdout as well.
"""


def hubcanary_product(a, b):
    print("\n@@HUBCANARY@@" + str(a * b), flush=True)
