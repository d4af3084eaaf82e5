"""What is acknowledged stays: real processes, killed and cut off from power."""
