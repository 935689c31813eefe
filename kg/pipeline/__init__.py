"""The build: the flow as named steps, what it depends on, and its report."""
