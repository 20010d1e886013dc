"""One genome, one call of an unmodified pipeline: everything around the denoiser."""
