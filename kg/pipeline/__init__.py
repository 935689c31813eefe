"""The build: its steps, its inputs and its report."""
