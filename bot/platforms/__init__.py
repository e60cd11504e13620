"""The places where people talk, one module or package each; every one passes `tests/bot/platforms/contract.py`."""
