"""What workflows ask of the outside world. Thin: each of these may run twice."""
