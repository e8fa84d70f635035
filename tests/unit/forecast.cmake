# The desk simulated, and forecasts: pure, like the engine.
