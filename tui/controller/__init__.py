"""An open population, without any widget: what the screens show and ask for."""
