"""What this machine has for models: devices, memory, compilers, results of trials."""
