"""Many pipeline calls at once, batched at the denoiser. Imports nothing of this project."""
