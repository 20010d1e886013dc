"""What the denoiser's batches cost."""
