"""The build: its steps, the check for changed inputs, and its report."""
