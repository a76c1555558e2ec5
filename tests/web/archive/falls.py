"""A process that crashes."""

import os

if __name__ == "__main__":
    os.abort()
