"""What makes sessions live: the clock, and how a change reaches everybody's screen."""
