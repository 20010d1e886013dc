"""What this machine has for models: devices, memory, compilers, what trials have shown here."""
