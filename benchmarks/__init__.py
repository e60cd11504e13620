"""Speed and memory, measured: each module prints one table (see README.md here)."""
