"""What words mean to a model: what a prompt asks for, what of it is known, how far it is read."""
