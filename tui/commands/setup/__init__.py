"""Commands about models, keys and this machine."""
